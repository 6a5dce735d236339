import type { Place, Problem } from '../../../model/problem.ts'
import type { Tree } from '../../../text/source/tree.ts'
import { compareText } from '../hosts/compare-text.ts'
import { broken, InventoryFault } from './fault.ts'
import { fileText, type Opener } from './file-text.ts'
import { InventoryData } from './inventory-data.ts'
import { endingOf, joined } from './paths.ts'
import { readIni } from './read-ini.ts'
import { readYaml } from './read-yaml.ts'

/** What Ansible leaves out of a folder: hidden names, the folders of variables, and endings that are no inventory. */
const IGNORED =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/

const YAML_ENDINGS = ['', '.yml', '.yaml', '.json']

/** What reading the files of an inventory needs and collects. */
export interface SourceContext {
  readonly tree: Tree
  readonly open: Opener | undefined
  readonly data: InventoryData
  readonly problems: Problem[]
  /** What Ansible only warns of, and what looks like a slip. */
  readonly notes: Problem[]
}

/** Reads a file, or all files of a folder, into `data`; says whether there was an inventory. */
export function readSource(path: string, reading: SourceContext): boolean {
  const entries = reading.tree.folder(path)
  if (entries === undefined) return readFile(path, reading, false)
  let found = false
  for (const { name, kind } of [...entries].sort((a, b) => compareText(a.name, b.name))) {
    if (IGNORED.test(name)) {
      if (name.endsWith('.ini')) noteIni(joined(path, name), reading)
      continue
    }
    const inner = joined(path, name)
    if (kind === 'folder' ? readSource(inner, reading) : readFile(inner, reading, true)) found = true
  }
  return found
}

function noteIni(path: string, { notes }: SourceContext): void {
  const message = `Ansible leaves ${path} out, as all that ends in .ini in a folder`
  const at = { file: path, line: 1, column: 1 }
  notes.push({ code: 'inventory-ini-in-folder', message, at, hint: 'name the file itself, or take its ending away' })
}

function readFile(path: string, reading: SourceContext, isInFolder: boolean): boolean {
  const { data, problems, notes } = reading
  const note = (message: string, at: Place) => notes.push({ code: 'inventory-ansible', message, at })
  try {
    const { text } = fileText(reading.tree, path, reading.open)
    if (text.startsWith('#!'))
      throw broken(
        'this is a program, which eosflow does not run here',
        { file: path, line: 1, column: 1 },
        'use an exec source',
      )
    const readInto = (into: InventoryData) =>
      firstReader(path, text, (reader) => {
        if (reader === 'yaml') readYaml(text, path, into, note)
        else readIni(text, path, into)
      })
    // What is left out must leave nothing behind.
    const fault =
      (isInFolder && !isMeantAsInventory(path) ? readInto(new InventoryData()) : undefined) ?? readInto(data)
    if (fault === undefined) return true
    throw fault
  } catch (error) {
    if (!(error instanceof InventoryFault)) throw error
    if (!isInFolder || isMeantAsInventory(path)) problems.push(error.problem)
    else notes.push({ ...error.problem, message: `${path} is no inventory, and is left out: ${error.problem.message}` })
    return false
  }
}

/** In a folder, a file of another kind is left out, as by Ansible. */
function isMeantAsInventory(path: string): boolean {
  return YAML_ENDINGS.includes(endingOf(path))
}

/** Tries the readers as Ansible does: YAML where the ending may be that, then INI. Gives the fault that explains more. */
function firstReader(path: string, text: string, read: (reader: 'yaml' | 'ini') => void): InventoryFault | undefined {
  const faults: InventoryFault[] = []
  const readers = YAML_ENDINGS.includes(endingOf(path)) ? (['yaml', 'ini'] as const) : (['ini'] as const)
  for (const reader of readers) {
    try {
      read(reader)
      return undefined
    } catch (error) {
      if (!(error instanceof InventoryFault)) throw error
      faults.push(error)
    }
  }
  const isYaml = endingOf(path) !== '' || /^---|^[\w.-]+:\s*$/m.test(text)
  return isYaml ? faults[0] : faults.at(-1)
}

import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { keysOf } from '../../../model/json.ts'
import { keptIn } from '../../../model/once.ts'
import { acceptUnless, type Tree, type TreeEntry } from '../../../text/source/located.ts'
import { readYaml11, type Yaml11 } from '../../../text/yaml-1-1/read.ts'
import {
  compareText,
  type Layer,
  type Roster,
  type RosterGroup,
  type RosterHost,
  type RosterValue,
  type Variable,
} from '../hosts/roster.ts'
import { broken, InventoryFault } from './fault.ts'
import { endingOf, fileText, folderOf, joined, type Opener, plainPath } from './file-text.ts'
import { readIni } from './read-ini.ts'
import {
  ANSIBLE_TAGS,
  type AnsibleGroup,
  type AnsibleHost,
  byStrength,
  InventoryData,
  isMap,
  isNothing,
  placeWithin,
  readYaml,
} from './read-yaml.ts'

// What Ansible leaves out of a folder: hidden names, the folders of variables, and endings that are no inventory.
const IGNORED =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/

const YAML_ENDINGS = ['', '.yml', '.yaml', '.json']

interface SourceContext {
  readonly tree: Tree
  readonly open: Opener | undefined
  readonly data: InventoryData
  readonly problems: Problem[]
  readonly notes: Problem[]
}

function readSource(path: string, reading: SourceContext) {
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

function noteIni(path: string, { notes }: SourceContext) {
  const message = `Ansible leaves ${path} out, as all that ends in .ini in a folder`
  const at = { file: path, line: 1, column: 1 }
  notes.push({ code: 'inventory-ini-in-folder', message, at, hint: 'name the file itself, or take its ending away' })
}

function readFile(path: string, reading: SourceContext, isInFolder: boolean) {
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

function isMeantAsInventory(path: string) {
  return YAML_ENDINGS.includes(endingOf(path))
}

function firstReader(path: string, text: string, read: (reader: 'yaml' | 'ini') => void) {
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

class VarsFolders {
  private readonly tree: Tree
  private readonly listed = new Map<string, ReadonlyMap<string, TreeEntry['kind']>>()

  constructor(tree: Tree) {
    this.tree = tree
  }

  // Throws InventoryFault for a folder that is there and cannot be read: hosts would be without its variables, in silence.
  filesOf(folder: string, name: string): readonly string[] {
    if (name.startsWith('/') || name.split('/').includes('..')) return []
    const slash = name.lastIndexOf('/')
    const entries = this.entries(slash < 0 ? folder : joined(folder, name.slice(0, slash)))
    if (entries.size === 0) return []
    for (const ending of YAML_ENDINGS) {
      const kind = entries.get(name.slice(slash + 1) + ending)
      if (kind === undefined) continue
      const path = joined(folder, name + ending)
      return kind === 'folder' ? filesWithin(this.tree, path) : [path]
    }
    return []
  }

  private entries(folder: string): ReadonlyMap<string, TreeEntry['kind']> {
    return keptIn(this.listed, folder, () => {
      const found = this.tree.folder(folder)
      if (found === undefined && this.isNamed(folder)) throw unreadable(folder)
      return new Map((found ?? []).map(({ name, kind }) => [name, kind]))
    })
  }

  private isNamed(path: string): boolean {
    const around = folderOf(path)
    const own = path.slice(path.lastIndexOf('/') + 1)
    return this.tree.folder(around)?.some(({ name }) => name === own) === true
  }
}

function unreadable(folder: string): Error {
  const at = { file: folder, line: 1, column: 1 }
  return broken(`${folder} is no folder, or may not be read`, at, 'check it, and where it leads to if it is a link')
}

function filesWithin(tree: Tree, folder: string): readonly string[] {
  const entries = tree.folder(folder)
  if (entries === undefined) throw unreadable(folder)
  return [...entries]
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap(({ name, kind }) => {
      if (name.startsWith('.') || name.endsWith('~')) return []
      const ending = endingOf(name)
      const path = joined(folder, name)
      if (kind === 'folder') return ending === '' ? filesWithin(tree, path) : []
      return YAML_ENDINGS.includes(ending) ? [path] : []
    })
}

// Throws InventoryFault.
function varsLayer(tree: Tree, path: string, of: string, open: Opener | undefined): Layer | undefined {
  const { text, isSecret } = fileText(tree, path, open)
  const read = readYaml11(text, path, { tags: ANSIBLE_TAGS, markDepth: 1 })
  if (!read.ok) throw new InventoryFault(read.problems[0])
  const { value, markOf } = read.value
  if (isNothing(value)) return undefined
  const start = { line: 1, column: 1 }
  if (!isMap(value)) throw broken('a file of variables must be a mapping', { file: path, ...start })
  const places = new FilePlaces(tree, path)
  const vars = new Map<string, Variable>()
  for (const name of keysOf(value)) {
    const at = { file: path, ...(markOf(value, name) ?? start) }
    vars.set(name, new FileVariable(value[name] ?? null, at, name, isSecret ? undefined : places, isSecret))
  }
  return vars.size === 0 ? undefined : { of, vars }
}

class FileVariable implements Variable {
  readonly value: RosterValue
  readonly at: Place
  readonly isSecret?: true
  private readonly name: string
  private readonly places: FilePlaces | undefined

  constructor(value: RosterValue, at: Place, name: string, places: FilePlaces | undefined, isSecret: boolean) {
    this.value = value
    this.at = at
    this.name = name
    this.places = places
    if (isSecret) this.isSecret = true
  }

  // Made when it is asked for: most variables never are.
  get placeOf(): (path: readonly (string | number)[]) => Place {
    return (path) => (path.length === 0 ? undefined : this.places?.of([this.name, ...path])) ?? this.at
  }
}

class FilePlaces {
  private readonly tree: Tree
  private readonly path: string
  private kept: WeakRef<Yaml11> | undefined

  constructor(tree: Tree, path: string) {
    this.tree = tree
    this.path = path
  }

  of(keys: readonly (string | number)[]): Place | undefined {
    const read = this.again()
    return read && placeWithin(read, this.path, read.value, keys)
  }

  private again(): Yaml11 | undefined {
    const kept = this.kept?.deref()
    if (kept !== undefined) return kept
    const { text } = fileText(this.tree, this.path, undefined)
    const read = readYaml11(text, this.path, { tags: ANSIBLE_TAGS, markDepth: Number.POSITIVE_INFINITY })
    if (!read.ok) return undefined
    this.kept = new WeakRef(read.value)
    return read.value
  }
}

const KINDS = ['group_vars', 'host_vars']

function unreadFolders(tree: Tree, beside: readonly string[], read: readonly string[]) {
  const around = beside.flatMap((folder) => [...(folder === '' ? [] : [folderOf(folder)]), folder])
  const likely = [...new Set(around.flatMap((folder) => [folder, joined(folder, 'playbooks')]))]
  return likely
    .filter((folder) => !read.includes(folder))
    .flatMap((folder) => {
      const names = KINDS.filter((name) => holdsFiles(tree, joined(folder, name)))
      const [first] = names
      if (first === undefined) return []
      const shown = folder === '' ? '.' : folder
      return [
        problemOf(
          joined(folder, first),
          'inventory-playbooks',
          `${names.join(' and ')} in ${shown === '.' ? 'the project' : shown} are not read: Ansible reads them for a playbook of that folder alone`,
          `where its playbooks are meant, write \`playbooks: ${shown}\` beside \`ansible:\``,
        ),
      ]
    })
}

function holdsFiles(tree: Tree, folder: string) {
  return tree.mayAsk?.(folder) !== false && (tree.folder(folder)?.length ?? 0) > 0
}

export interface AnsibleSource {
  readonly tree: Tree
  /** Files and folders, as `-i` names them to Ansible: a later one adds to and overrides an earlier. */
  readonly paths: readonly string[]
  /** The folder of the playbooks, whose group_vars and host_vars are read as well, as `--playbook-dir` says it to Ansible. */
  readonly playbooks?: string
  /** For files that are encrypted as a whole; absent where there is no password. */
  readonly open?: Opener
}

export interface AnsibleInventory {
  readonly roster: Roster
  readonly notes: readonly Problem[]
}

/** Reads an inventory as ansible-core 2.14 does: INI and YAML, folders, group_vars and host_vars beside the inventory. What Ansible passes with a warning because it cannot read it is refused here (docs/ansible-inventory.md). */
export function readAnsible({ tree, paths, playbooks, open }: AnsibleSource): ValueOrProblems<AnsibleInventory> {
  const reading: SourceContext = { tree, open, data: new InventoryData(), problems: [], notes: [] }
  const sources = paths.map(plainPath)
  let found = false
  for (const path of sources) if (readSource(path, reading)) found = true
  if (found) settle(reading)
  const beside = foldersOf(sources, tree)
  const folders = playbooks === undefined ? beside : withLast(beside, plainPath(playbooks))
  const roster = new RosterMaker(reading, folders).roster()
  return acceptUnless(reading.problems, () => ({
    roster,
    notes: [...reading.notes, ...unreadFolders(tree, beside, folders)],
  }))
}

function settle({ data, problems }: SourceContext) {
  try {
    data.reconcile()
  } catch (error) {
    if (!(error instanceof InventoryFault)) throw error
    problems.push(error.problem)
  }
}

function foldersOf(sources: readonly string[], tree: Tree) {
  const folders = sources.map((path) => (tree.folder(path) === undefined ? folderOf(path) : path))
  return folders.filter((folder, index) => folders.lastIndexOf(folder) === index)
}

function withLast(folders: readonly string[], last: string) {
  return [...folders.filter((folder) => folder !== last), last]
}

class RosterMaker {
  private readonly reading: SourceContext
  private readonly folders: readonly string[]
  private readonly varsFolders: VarsFolders
  private readonly ofGroups = new Map<AnsibleGroup, readonly (readonly Layer[])[]>()
  private readonly inventoryLayers = new Map<AnsibleGroup, readonly Layer[]>()
  private readonly strong = new Map<string, readonly AnsibleGroup[]>()

  constructor(reading: SourceContext, folders: readonly string[]) {
    this.reading = reading
    this.folders = folders
    this.varsFolders = new VarsFolders(reading.tree)
  }

  roster(): Roster {
    const { data } = this.reading
    for (const group of data.groups.values()) {
      this.inventoryLayers.set(group, group.vars.size === 0 ? [] : [{ of: `group ${group.name}`, vars: group.vars }])
      this.ofGroups.set(group, this.filesOf(`group ${group.name}`, 'group_vars', group.name))
    }
    const reached = data.all.allHosts()
    const hosts = [...data.hosts.values()].filter((host) => reached.has(host))
    return {
      hosts: new Map(hosts.map((host) => [host.name, this.host(host)])),
      groups: new Map([...data.groups.values()].map((group) => [group.name, this.group(group)])),
    }
  }

  private filesOf(of: string, kind: 'group_vars' | 'host_vars', name: string): readonly (readonly Layer[])[] {
    return this.folders.map(
      (folder) =>
        this.caught(() => this.varsFolders.filesOf(joined(folder, kind), name))?.flatMap(
          (path) => this.caught(() => varsLayer(this.reading.tree, path, of, this.reading.open)) ?? [],
        ) ?? [],
    )
  }

  private caught<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof InventoryFault)) throw error
      const { message, at } = error.problem
      const isSaid = this.reading.problems.some((one) => one.message === message && one.at.file === at.file)
      if (!isSaid) this.reading.problems.push(error.problem)
      return undefined
    }
  }

  private group(group: AnsibleGroup): RosterGroup {
    return {
      name: group.name,
      children: [...group.children].map(({ name }) => name),
      hosts: [...group.hosts].map(({ name }) => name),
      layers: [...(this.inventoryLayers.get(group) ?? []), ...(this.ofGroups.get(group) ?? []).flat()],
    }
  }

  private host(host: AnsibleHost): RosterHost {
    const { all } = this.reading.data
    const groups = this.groupsOf(host)
    const others = groups.filter((group) => group !== all)
    const files = this.folders.flatMap((_, index) => others.flatMap((group) => this.ofGroups.get(group)?.[index] ?? []))
    const own: Layer = { of: `host ${host.name}`, vars: host.vars }
    return {
      name: host.name,
      at: host.at,
      groups: groups.map(({ name }) => name),
      layers: [
        ...(this.inventoryLayers.get(all) ?? []),
        ...others.flatMap((group) => this.inventoryLayers.get(group) ?? []),
        ...(this.ofGroups.get(all) ?? []).flat(),
        ...files,
        own,
        ...this.filesOf(own.of, 'host_vars', host.name).flat(),
      ],
    }
  }

  private groupsOf(host: AnsibleHost): readonly AnsibleGroup[] {
    const direct = [...host.direct]
    const key = direct.map(({ name }) => name).join('\n')
    return keptIn(this.strong, key, () =>
      [...new Set(direct.flatMap((group) => [group, ...group.ancestors()]))].sort(byStrength),
    )
  }
}

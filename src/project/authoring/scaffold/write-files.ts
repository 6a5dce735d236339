import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { COMPLY_FILE } from '../../../change/plan/comply/comply-file.ts'
import { CHANGES_FOLDER } from '../../../change/workflow/change-file.ts'
import { isFreePort } from '../../../eos/transport/connection/free-port.ts'
import { codeOf, problemOf } from '../../../model/error.ts'
import { CI } from '../../../report/new-project/ci.ts'
import { type EditorFiles, EXTENSIONS_FILE, SETTINGS_FILE } from '../../../report/new-project/editor-files.ts'
import { inventoryText, portsFrom } from '../../../report/new-project/inventory.ts'
import { IGNORED, SETTINGS } from '../../../report/new-project/settings.ts'
import type { ProjectFiles } from '../../../report/new-project/text.ts'
import { WORKFLOW_TEST } from '../../../report/new-project/workflow-test.ts'
import { CATALOG } from '../../files/catalog-file.ts'
import { INVARIANTS_FOLDER } from '../../files/loaded-invariants.ts'
import type { Project } from '../../files/project.ts'
import { bundled } from '../../system/bundled.ts'
import { isWithin } from '../../system/machine/confined-file.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError, inputError } from '../../system/process/input-error.ts'
import { makeFolder, saveFolder } from '../../system/process/save-text.ts'

/** One that is there already is never touched. Throws InputError if a link leads out of the folder; then nothing is written. */
export async function writeFiles(dir: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<ProjectFiles> {
  const created: string[] = []
  const kept: string[] = []
  requireInside(dir, [...files.keys()])
  for (const [path, content] of files) {
    const target = join(dir, path)
    await mkdir(dirname(target), { recursive: true })
    const isNew = await writeNew(target, content)
    ;(isNew ? created : kept).push(path)
  }
  const ignored = kept.includes('.gitignore') ? readRegularText(join(dir, '.gitignore')) : IGNORED
  return { created, kept, unignored: notIn(ignored) }
}

/** Throws InputError for each folder on the way to files, by their paths from `dir`, that is a link out of `dir` or to nothing. */
export function requireInside(dir: string, paths: readonly string[]): void {
  const root = realOf(dir)
  if (root === undefined) return
  const outside = paths.flatMap((path) =>
    foldersOf(path)
      .filter((folder) => leadsOut(root, folder))
      .slice(0, 1),
  )
  if (outside.length > 0) throw new InputError([...new Set(outside)].map(isOutside))
}

function foldersOf(path: string) {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

function leadsOut(root: string, folder: string) {
  const full = join(root, folder)
  if (lstatSync(full, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return false
  const real = realOf(full)
  return real === undefined || !isWithin(root, real)
}

function realOf(path: string) {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function isOutside(folder: string) {
  const message = 'it is a link that leads out of the project, and nothing is written there'
  return problemOf(folder, 'not-writable', message, 'Make it a folder of the project, or a link to one.')
}

function notIn(ignored: string) {
  const bare = (line: string) => line.trim().replace(/^(?:\*\*)?\/|\/$/g, '')
  const there = new Set(ignored.split('\n').map(bare))
  return IGNORED.trim()
    .split('\n')
    .filter((line) => !there.has(bare(line)))
}

async function writeNew(path: string, content: string | Uint8Array) {
  try {
    await writeFile(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

// Below 32768, from where Linux takes a port for a connection that names none (ip_local_port_range).
const FIRST = 10_000
const BLOCKS = 1_100
const APART = 20

// The ports of loopback for the simulated switches of a project in this folder: those that its inventory has, else the first free ones from a
// place that the folder's name gives, so that two projects that are made at once have different ones.
async function ownPorts(dir: string) {
  const there = writtenPorts(`${dir}/inventory.yaml`)
  if (there !== undefined) return there
  const from = createHash('sha256')
    .update(existsSync(dir) ? realpathSync(dir) : dir)
    .digest()
    .readUInt32BE()
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const ports = portsFrom(FIRST + ((from + tried) % BLOCKS) * APART)
    if (await areFree(Object.values(ports))) return ports
  }
  return portsFrom(FIRST)
}

function writtenPorts(file: string): Readonly<Record<string, number>> | undefined {
  if (!existsSync(file)) return undefined
  const rows = readRegularText(file).matchAll(/^ {2}(\w+): \{ host: 127\.0\.0\.1, port: (\d+), /gm)
  return Object.fromEntries([...rows].map(([, name = '', port]) => [name, Number(port)]))
}

async function areFree(ports: readonly number[]) {
  const free = await Promise.all(ports.map(isFreePort))
  return free.every(Boolean)
}

const NAMING = ['eosflow.yaml', 'inventory.yaml']

// Throws InputError where files would be added to a project of somebody's own: its switches are not those of the fabric, and it would be valid
// no more.
function refuseOwnProject(dir: string, files: ReturnType<typeof projectFiles>) {
  if ([...files.keys()].every((path) => existsSync(join(dir, path)))) return
  const own = NAMING.find((path) => existsSync(join(dir, path)) && readRegularText(join(dir, path)) !== files.get(path))
  if (own === undefined) return
  throw inputError(
    own,
    'project-present',
    'there is a project already, and init adds its simulated switches to none',
    'Check what is there: eosflow validate. A new project beside it: eosflow init my-network',
  )
}

/** `typed` is its name in what is said. Throws InputError. */
export async function newProject(dir: string, typed: string): Promise<ProjectFiles> {
  const files = projectFiles(await ownPorts(dir))
  refuseOwnProject(dir, files)
  try {
    return await writeFiles(dir, files)
  } catch (error) {
    const code = codeOf(error, '')
    if (code === '') throw error
    throw inputError(
      typed,
      'no-such-folder',
      `a project cannot be written here (${code})`,
      'Name a folder that is yours to write, or one that is not there yet.',
    )
  }
}

const COPIED = ['workflows/add-vlan.yaml', 'workflows/templates/vlan.j2']

/** `ports` are those on which its simulated switches answer. */
export function projectFiles(ports: Readonly<Record<string, number>>): ReadonlyMap<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ['eosflow.yaml', SETTINGS],
    ['inventory.yaml', inventoryText(ports)],
    ...COPIED.map((path) => [path, readFileSync(bundled(path))] as const),
    ...fabricFiles(),
    ['tests/add-vlan.test.yaml', WORKFLOW_TEST],
    ['.github/workflows/network.yml', CI],
    ['.gitignore', IGNORED],
  ])
}

function fabricFiles(): readonly (readonly [string, Uint8Array])[] {
  const folder = bundled('fixtures/dc1')
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const inside = `${entry.parentPath.slice(folder.length).replaceAll('\\', '/')}/${entry.name}`
      return [`fabrics/dc1${inside}`, readFileSync(`${folder}${inside}`)] as const
    })
    .sort(([a], [b]) => a.localeCompare(b))
}

// Names that inventories of Ansible have, the likely first.
const NAMES = [
  'inventory.yml',
  'inventory.yaml',
  'inventory.ini',
  'hosts.yml',
  'hosts.yaml',
  'hosts.ini',
  'hosts',
  'inventory',
] as const

const FOLDERS = ['.', 'inventory', 'inventories'] as const

/** The inventory of Ansible in a folder, absolute: what its `ansible.cfg` names, else a file of a usual name; a file is itself. `typed` is the folder in what is said. */
export function foundInventory(dir: string, typed: string): string {
  const stat = statSync(dir, { throwIfNoEntry: false })
  if (stat === undefined) throw refused(typed, 'there is no such folder', 'Name the folder of the Ansible project.')
  if (!stat.isDirectory()) return dir
  const named = namedByConfig(dir)
  if (named !== undefined && existsSync(named)) return named
  for (const folder of FOLDERS) {
    const found = NAMES.map((name) => join(dir, folder, name)).find(isFile)
    if (found !== undefined) return found
  }
  const folder = FOLDERS.slice(1)
    .map((name) => join(dir, name))
    .find((path) => existsSync(path) && readdirSync(path).length > 0)
  if (folder !== undefined) return folder
  const below = inventoriesBelow(dir, BELOW).map((path) => join(typed, path))
  const which = below.length === 0 ? 'its file or its folder' : below.slice(0, MOST_NAMED).join(' or ')
  throw refused(typed, 'no inventory of Ansible is found in it', `Name the inventory itself: ${which}.`)
}

const BELOW = 3
const MOST_NAMED = 5
const OTHERS: readonly string[] = ['collections', 'group_vars', 'host_vars', 'node_modules', 'roles', 'venv']

function inventoriesBelow(dir: string, depth: number): readonly string[] {
  const folders = readdirSync(dir, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !OTHERS.includes(entry.name),
  )
  return folders
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => [
      ...NAMES.filter((file) => isFile(join(dir, name, file))).map((file) => join(name, file)),
      ...(depth > 1 ? inventoriesBelow(join(dir, name), depth - 1).map((path) => join(name, path)) : []),
    ])
}

function namedByConfig(dir: string) {
  const file = join(dir, 'ansible.cfg')
  if (!isFile(file)) return undefined
  const [, defaults = ''] = /^\[defaults\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(readRegularText(file)) ?? []
  const [, named] = /^inventory\s*=\s*([^,;#\n]+)/m.exec(defaults) ?? []
  return named === undefined ? undefined : resolve(dir, named.trim())
}

export function intendedConfigs(dir: string, inventory: string): string | undefined {
  const bases = [
    dirname(inventory),
    ...(basename(dirname(inventory)) === 'inventory' ? [dirname(dirname(inventory))] : []),
    dir,
  ]
  return bases.map((base) => join(base, 'intended/configs')).find((path) => configsIn(path).length > 0)
}

export function configsIn(folder: string): readonly string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cfg'))
    .map((name) => name.slice(0, -'.cfg'.length))
    .sort()
}

function isFile(path: string) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function refused(typed: string, message: string, hint: string) {
  return inputError(typed, 'no-inventory', message, hint)
}

const EXTENSION = 'redhat.vscode-yaml'

const FOLDER = '.eosflow/schemas'

/** Writes what VS Code needs to know the files of a project: the schemas, which Git ignores, and its settings where there are none. `schemaOf` gives the text of the schema of a format. */
export async function wireEditor(
  host: Host,
  { dir, settings }: Pick<Project, 'dir' | 'settings'>,
  schemaOf: (name: string) => string,
): Promise<EditorFiles> {
  const globs = globsOf(settings)
  const names = Object.keys(globs)
  const schemas = Object.fromEntries(names.map((name) => [`${FOLDER}/${name}.json`, `${schemaOf(name)}\n`]))
  const hint = 'Look at .eosflow and .vscode in the project: folders that you can write, and no links.'
  makeFolder(host.cwd, dir, '.vscode', hint)
  // A store may come there: it is for its owner alone from the beginning.
  makeFolder(host.cwd, dir, FOLDER, hint, 0o700)
  saveFolder(host, dir, schemas, hint)
  const byPath = Object.fromEntries(names.map((name) => [`./${FOLDER}/${name}.json`, globs[name] ?? []]))
  const { created, kept } = await writeFiles(
    dir,
    new Map([
      [SETTINGS_FILE, asText({ 'yaml.schemas': byPath })],
      [EXTENSIONS_FILE, asText({ recommendations: [EXTENSION] })],
    ]),
  )
  return {
    schemas: Object.keys(schemas),
    created,
    kept,
    lacks: {
      schemas: Object.fromEntries(Object.entries(byPath).filter((row) => lacks(dir, SETTINGS_FILE, row))),
      extensions: [EXTENSION].filter((name) => lacks(dir, EXTENSIONS_FILE, name)),
    },
  }
}

function globsOf({
  inventory,
  policy,
}: Pick<Project['settings'], 'inventory' | 'policy'>): Readonly<Record<string, readonly string[]>> {
  return {
    workflow: ['workflows/*.yaml', 'workflows/*.yml', '!.github/workflows/*', '!*.test.yaml', '!*.asl.yaml'],
    change: [`${CHANGES_FOLDER}/**/*.yaml`, `${CHANGES_FOLDER}/**/*.yml`],
    inventory: [inventory],
    settings: ['eosflow.yaml'],
    policy: [policy],
    test: ['*.test.yaml', '*.test.yml'],
    fabric: ['fabrics/*/fabric.yaml'],
    catalog: [CATALOG],
    invariants: [`${INVARIANTS_FOLDER}/*.yaml`],
    comply: [COMPLY_FILE],
  }
}

function lacks(dir: string, path: string, value: string | readonly [string, unknown]) {
  const bare = (text: string) => text.replace(/\s/g, '')
  const written =
    typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(Object.fromEntries([value])).slice(1, -1)
  return !bare(readRegularText(join(dir, path))).includes(bare(written))
}

function asText(value: object) {
  return `${JSON.stringify(value, null, 2)}\n`
}

import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { readRegularText } from '../../system/machine/regular-file.ts'
import { inputError } from '../../system/process/input-error.ts'

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

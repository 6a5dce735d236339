import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sourcedSwitches } from '../../../change/inventory/source/merged-sources.ts'
import type { SourceReading, SourceValues } from '../../../change/inventory/source/source-settings.ts'
import {
  type Roster,
  type RosterHost,
  type RosterValue,
  VaultText,
  variableNames,
  variableOf,
} from '../../../change/roster/hosts/roster.ts'
import { VaultKeys } from '../../../change/roster/vault/decrypt-vault.ts'
import { type Problem, problemOf } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { ValueFault } from '../../../model/once.ts'
import { deployText, FIRST_CHANGE, FIRST_TEMPLATE } from '../../../report/new-project/deploy.ts'
import { IGNORED, settingsText } from '../../../report/new-project/settings.ts'
import {
  type ProjectFiles,
  type ProjectFrom,
  type SourcedProject,
  sourcedInventoryText,
} from '../../../report/new-project/text.ts'
import { refuse, type Tree } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { pathFrom } from '../../files/project.ts'
import { patternFor } from '../../files/sources/pattern-for.ts'
import { EOS, isEos, readSource, type SourcePorts } from '../../files/sources/read-source.ts'
import { bundled } from '../../system/bundled.ts'
import { watchedTree } from '../../system/machine/watched-tree.ts'
import { InputError, inputError } from '../../system/process/input-error.ts'
import { type PlaybookWorkflows, workflowsFrom } from './playbook/workflows-from.ts'
import { configsIn, foundInventory, intendedConfigs, writeFiles } from './write-files.ts'

interface OtherHost {
  readonly name: string
  readonly why: string
}

const MOST_NAMED = 8

function hostsLeftOut(leftOut: readonly OtherHost[], hosts: number, path: string) {
  const reasons = new Map<string, string[]>()
  for (const { name, why } of leftOut) reasons.set(why, [...(reasons.get(why) ?? []), name])
  const shown = [...reasons].map(([why, names]) => `${namesOf(names)} (${why})`)
  const message = `${leftOut.length} of its ${hosts} hosts would be left out: ${shown.join('; ')}`
  const hint = 'A switch has `ansible_network_os: arista.eos.eos`. To leave these out, add `--partial`.'
  return inputError(path, 'hosts-left-out', message, hint)
}

function namesOf(names: readonly string[]) {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function whyLeftOut(values: SourceValues) {
  try {
    const system = values.get('ansible_network_os')
    if (system?.kind !== 'scalar') return 'no ansible_network_os'
    return isEos(values) ? 'no address, or not in the group that is read' : `ansible_network_os ${String(system.value)}`
  } catch (error) {
    if (error instanceof ValueFault) return 'its ansible_network_os cannot be read'
    throw error
  }
}

interface ProjectOrigin {
  readonly kind: string
  readonly dir: string
  readonly source: string
  readonly typed: string
  readonly isPartial: boolean
}

/** Writes a project that reads an inventory of Ansible where it lies. Throws InputError. */
export async function projectFrom({ kind, dir, source, typed, isPartial }: ProjectOrigin): Promise<ProjectFrom> {
  requireKind(kind, typed)
  requireNone(dir)
  const inventory = foundInventory(source, typed)
  const path = pathFrom(dir, inventory)
  const configs = kind === 'avd' ? configsOf(dir, source, typed, inventory) : undefined
  const whence = { dir, source, inventory }
  const reading = readingOf(whence, path)
  const wanted = configs === undefined || reading === undefined ? undefined : haveConfig(reading, configs, typed)
  const from = sourcedOf(kind, path, reading, wanted, intendedConfigs(source, inventory) !== undefined)
  const counted = countedOf(whence, from, reading)
  if (kind === 'ansible' && !isPartial && counted.leftOut.length > 0)
    throw hostsLeftOut(counted.leftOut, counted.hosts, path)
  const playbooks = reading === undefined ? undefined : playbooksOf(whence, reading, counted, kind)
  const own = existsSync(join(dir, 'inventory.yaml')) ? 'switches.yaml' : 'inventory.yaml'
  const files = new Map([
    ['eosflow.yaml', settingsText(own)],
    [own, sourcedInventoryText(from)],
    ...(configs === undefined
      ? firstFiles(playbooks)
      : [['workflows/deploy.yaml', deployText(pathFrom(dir, configs))] as const]),
    ['.gitignore', IGNORED],
  ])
  const written = await writeFiles(dir, files)
  const workflow = configs === undefined ? (playbooks?.found.workflows[0] ?? FIRST) : 'workflows/deploy.yaml'
  return {
    written,
    workflow,
    switches: counted.names?.length ?? null,
    leftOut: counted.leftOut.length,
    notes: counted.notes,
    ...definedMembers({ playbooks: playbooks?.found }),
    from,
  }
}

const FIRST = 'workflows/add-vlan.yaml'

function firstFiles(playbooks: PlaybookWorkflows | undefined): Iterable<readonly [string, string]> {
  if (playbooks !== undefined && playbooks.files.size > 0) return playbooks.files
  return [
    [FIRST, FIRST_CHANGE],
    ['workflows/templates/add-vlan.j2', FIRST_TEMPLATE],
  ]
}

function playbooksOf(
  { dir, source }: Whence,
  { roster, tree }: Reading,
  { names }: Counted,
  kind: SourcedProject['kind'],
) {
  if (kind === 'avd') return undefined
  const folder = pathFrom(dir, statSync(source).isDirectory() ? source : join(source, '..'))
  const switches = names ?? []
  const hosts = switches.flatMap((name) => roster.hosts.get(name) ?? [])
  const variables = new Set(hosts.flatMap(variableNames).filter((name) => !name.startsWith('ansible_')))
  const made = workflowsFrom(folder, { tree, roster, switches, variables, systems: systemsOf(hosts) })
  return made.found.playbooks === 0 ? undefined : made
}

// What switches have as `ansible_network_os`; each name that EOS has where one of them does not say it plainly.
function systemsOf(hosts: readonly RosterHost[]) {
  const said = hosts.map((host) => variableOf(host, 'ansible_network_os')?.value)
  const isPlain = (value: unknown): value is string => typeof value === 'string' && EOS.includes(value)
  return said.length > 0 && said.every(isPlain) ? [...new Set(said)] : EOS
}

function requireKind(kind: string, typed: string): asserts kind is SourcedProject['kind'] {
  if (kind === 'ansible' || kind === 'avd') return
  const message = `\`${kind}\` is no inventory that a project is made from`
  throw refused(typed, message, didYouMean(kind, ['ansible', 'avd']))
}

function requireNone(dir: string) {
  if (existsSync(join(dir, 'eosflow.yaml')))
    throw refused('eosflow.yaml', 'there is a project already', 'Add `sources:` to its inventory.')
}

function configsOf(dir: string, source: string, typed: string, inventory: string) {
  const found = intendedConfigs(source, inventory)
  if (found === undefined)
    throw refused(typed, 'it has no intended/configs/*.cfg', 'Let AVD build the configurations first.')
  if (!pathFrom(dir, found).startsWith('..')) return found
  throw refused(typed, 'its configurations lie outside of the project', 'Make the project in that folder.')
}

interface Counted {
  // The switches; undefined where a vault has to be opened first to know them.
  readonly names: readonly string[] | undefined
  readonly hosts: number
  readonly leftOut: readonly OtherHost[]
  readonly notes: readonly Problem[]
}

function countedOf(whence: Whence, from: SourcedProject, reading: Reading | undefined): Counted {
  const read = reading === undefined ? undefined : readAs(whence, from)
  if (reading === undefined || read?.ok !== true) return { names: undefined, hosts: 0, leftOut: [], notes: [] }
  const { switches, problems } = sourcedSwitches(read.value)
  const { hosts } = reading.roster
  const notes = reading.warnings.filter(({ code }) => code === 'inventory-playbooks')
  if (problems.some(({ code }) => code === 'inventory-vault'))
    return { names: undefined, hosts: hosts.size, leftOut: [], notes }
  const names = switches.map(({ name }) => name)
  const known = new Set(names)
  const leftOut = [...hosts.values()].flatMap((host) =>
    known.has(host.name) ? [] : [{ name: host.name, why: whyLeftOut(reading.valuesOf(host)) }],
  )
  return { names, hosts: hosts.size, leftOut, notes }
}

interface Reading extends SourceReading {
  readonly tree: Tree
}

function readingOf(whence: Whence, path: string): Reading | undefined {
  const tree = treeOf(whence)
  const read = readAs(whence, { path, only: 'all' }, tree)
  if (read.ok) return { ...read.value, tree }
  if (read.problems.every(({ code }) => code === 'inventory-vault')) return undefined
  throw new InputError(read.problems)
}

interface Whence {
  readonly dir: string
  readonly source: string
  readonly inventory: string
}

function treeOf({ dir, source, inventory }: Whence): Tree {
  return watchedTree(dir, [dir, source, join(inventory, '..'), inventory])
}

function readAs(whence: Whence, { path, only }: Pick<SourcedProject, 'path' | 'only'>, tree = treeOf(whence)) {
  const ports: SourcePorts = {
    tree,
    password: () => ({ why: 'it is not asked for' }),
    kept: notAsked,
    secret: () => undefined,
    keys: new VaultKeys(),
  }
  const at = { file: 'inventory.yaml', line: 1, column: 1 }
  return readSource({ ansible: path, ...definedMembers({ only }), tags: {}, vars: 'all' }, at, ports)
}

const notAsked: SourcePorts['kept'] = (_, at) => refuse({ code: 'inventory-source', message: 'it is not asked', at })

function haveConfig({ roster }: SourceReading, configs: string, typed: string) {
  const built = new Set(configsIn(configs))
  const wanted = [...roster.hosts.keys()].filter((name) => built.has(name))
  if (wanted.length > 0) return wanted
  throw refused(
    typed,
    'no host of its inventory has a configuration in intended/configs',
    'Let AVD build the configurations first.',
  )
}

function sourcedOf(
  kind: SourcedProject['kind'],
  path: string,
  reading: SourceReading | undefined,
  built: readonly string[] | undefined,
  hasBuilt: boolean,
): SourcedProject {
  if (reading === undefined) return { kind, path, tags: {}, hasVault: true, username: USER }
  const { roster } = reading
  const systems = built ?? eosOf(reading)
  const avd = kind === 'ansible' && (hasBuilt || isAvd(roster)) ? typed(roster, systems) : undefined
  const eos = avd !== undefined && avd.length > 0 ? avd : systems
  const names = eos.length > 0 ? eos : [...roster.hosts.keys()]
  const hosts = names.flatMap((name) => roster.hosts.get(name) ?? [])
  const isTyped = kind === 'avd' && hosts.every((host) => typeof variableOf(host, 'type')?.value === 'string')
  return {
    kind,
    path,
    ...(built === undefined && eos.length > 0 && eos.length === systems.length
      ? {}
      : { only: patternFor(roster, names) }),
    ...(avd === undefined ? {} : { isAvd: true }),
    tags: isTyped ? { role: 'type' } : {},
    hasVault: holdsVault(hosts),
    username: userOf(hosts),
  }
}

function isAvd({ hosts }: Roster) {
  return [...hosts.values()].some((host) => variableOf(host, 'fabric_name') !== undefined)
}

function typed({ hosts }: Roster, names: readonly string[]) {
  const typeOf = (name: string) => {
    const host = hosts.get(name)
    return host === undefined ? undefined : variableOf(host, 'type')?.value
  }
  return names.filter((name) => typeof typeOf(name) === 'string')
}

function eosOf({ roster, valuesOf }: SourceReading) {
  return [...roster.hosts.values()].filter((host) => isEosHost(valuesOf(host))).map(({ name }) => name)
}

function isEosHost(values: SourceValues) {
  try {
    return isEos(values)
  } catch (error) {
    if (error instanceof ValueFault) return false
    throw error
  }
}

const USER = 'eosflow'

function userOf(hosts: readonly RosterHost[]) {
  const users = new Set(hosts.map((host) => variableOf(host, 'ansible_user')?.value))
  const [user] = users
  return users.size === 1 && typeof user === 'string' && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(user) ? user : USER
}

function holdsVault(hosts: readonly RosterHost[]) {
  const layers = new Set(hosts.flatMap((host) => host.layers))
  return [...layers].some(({ vars }) => [...vars.values()].some(({ value }) => isVault(value)))
}

function isVault(value: RosterValue): boolean {
  if (value instanceof VaultText) return true
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => isVault(one as RosterValue))
}

function refused(typed: string, message: string, hint: string) {
  return inputError(typed, 'bad-source', message, hint)
}

/** `names` are those of their files, without the ending. Throws InputError for one that is not shipped; nothing is written then. */
export async function addWorkflows(dir: string, names: readonly string[]): Promise<ProjectFiles> {
  const shipped = readdirSync(bundled('workflows'))
    .flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []))
    .sort()
  const unknown = names.filter((name) => !shipped.includes(name))
  if (unknown.length > 0)
    throw new InputError(
      unknown.map((name) =>
        problemOf('--workflow', 'unknown-workflow', `no workflow \`${name}\` is shipped`, didYouMean(name, shipped)),
      ),
    )
  return writeFiles(dir, new Map(names.flatMap(filesOf)))
}

function filesOf(name: string): readonly (readonly [string, Uint8Array])[] {
  const path = `workflows/${name}.yaml`
  const content = readFileSync(bundled(path))
  const [, template] = /^change: \{.* template: (\S+) \}$/m.exec(content.toString('utf8')) ?? []
  const files = [path, ...(template === undefined ? [] : [`workflows/${template}`])]
  return files.map((file) => [file, readFileSync(bundled(file))])
}

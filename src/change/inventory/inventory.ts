import { type Address, type DeviceTarget, type Hop, hopNames } from '../../eos/device/device.ts'
import type { Problem, ValueOrProblems } from '../../model/error.ts'
import {
  definedMembers,
  gathered,
  isJsonObject,
  type Json,
  keepKeys,
  ownMember,
  unlessEmpty,
} from '../../model/json.ts'
import type { SecretSettings } from '../../model/secret-reference.ts'
import {
  acceptUnless,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  locatedNowhere,
  type Path,
  placeOf,
  problemsOf,
  writtenAt,
} from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { parseWith, readYaml } from '../../text/source/yaml.ts'
import {
  ALL,
  circlesOf,
  type GroupNode,
  groupGraph,
  type Layer,
  type Roster,
  type RosterGroup,
  type RosterHost,
  type RosterMap,
  type RosterValue,
  UnsafeText,
  type Variable,
} from '../roster/hosts/roster.ts'
import { plainValue } from '../roster/rendered-roster.ts'
import {
  type CredentialSource,
  credentialProblems,
  credentialSource,
  jumpProblems,
  loginProblems,
  nearestOf,
} from './credentials.ts'
import { type DeviceVars, type ReadVariable, varsOf } from './device-vars.ts'
import { hostProblem, oneSpelling } from './host-problem.ts'
import { hopsOf, ownWayProblem, viaOfSwitch, viaProblems } from './jumps.ts'
import { type InventoryFile, inventorySchema } from './schema.ts'
import { type MergedSources, mergedSources } from './source/merged-sources.ts'
import { type ReadSources, unreadSources } from './source/source-settings.ts'
import { isLoopback } from './switch/secret-settings.ts'
import { proofsAtOnce, type TransportSettings, transportFacts } from './transports.ts'
import { type WrittenSwitch, writtenSwitches } from './written-switch.ts'

function sharedAddresses(
  switches: readonly WrittenSwitch[],
  portOf: (one: WrittenSwitch) => number,
  wayOf: (one: WrittenSwitch) => string,
): Problem[] {
  const owner = new Map<string, WrittenSwitch>()
  return switches.flatMap((one) => {
    const address = `${oneSpelling(one.entry.host)} port ${portOf(one)}`
    const whole = `${address} ${wayOf(one)}`
    const other = owner.get(whole)
    owner.set(whole, other ?? one)
    if (other === undefined) return []
    const isSourced = one.sourced !== undefined || other.sourced !== undefined
    return [isSourced ? twoNames(one, other, address) : twice(one, other, address)]
  })
}

function twice({ name, hostAt: at }: WrittenSwitch, other: WrittenSwitch, address: string): Problem {
  const message = `\`${name}\` has the address of \`${other.name}\`: ${address}`
  return { code: 'shared-address', message, at, hint: 'give each switch its own address, or delete one name' }
}

function twoNames({ name, hostAt: at }: WrittenSwitch, other: WrittenSwitch, address: string): Problem {
  return {
    code: 'inventory-two',
    message: `\`${name}\` has the address of \`${other.name}\` (${other.hostAt.file}:${other.hostAt.line}:${other.hostAt.column}): ${address}`,
    at,
    hint: 'give the switch one name in all sources, or leave one of the two out with `only`',
  }
}

export type InventoryDevice = DeviceTarget & {
  readonly credentials: string
  readonly readCredentials?: string
  readonly tags: Readonly<Record<string, string>>
  /** All groups it is in, directly or not, `all` aside; the weakest first. */
  readonly groups: readonly string[]
  readonly vars: DeviceVars
  readonly lab?: true
  readonly via?: readonly Hop[]
}

export interface Inventory {
  readonly file: string
  readonly devices: readonly InventoryDevice[]
  readonly credentials: Readonly<Record<string, CredentialSource>>
  readonly groups: ReadonlyMap<string, RosterGroup>
  readonly warnings: readonly Problem[]
}

type DeviceEntry = InventoryFile['devices'][string]

/** Reads `inventory.yaml`: the inventory, or everything that is wrong with it. `stores`: where the project's settings let secrets come from; without it references to programs and to Vault are not compared with them. */
export function parseInventory(
  text: string | Uint8Array,
  file: string,
  stores?: SecretSettings,
  readSources: ReadSources = unreadSources,
  asks = false,
): ValueOrProblems<Inventory> {
  const read = readYaml(text, file)
  if (!read.ok) return read
  const parsed = parseWith(inventorySchema, read.value)
  if (!parsed.ok) return parsed
  const [written, located] = [parsed.value, read.value]
  const readings = readSources(written.sources, (index) => placeOf(located, ['sources', index]))
  const merged = mergedSources(readings.flatMap((one) => (one.ok ? [one.value] : [])))
  const { switches, problems: homeless } = writtenSwitches(written, merged, located)
  const laid = laidOver(merged.roster, written, located)
  const wayOf: WayOf = ({ name, sourced }) =>
    hopsOf(
      viaOfSwitch(written, name, { groups: laid.hosts.get(name)?.groups ?? [], sourced: sourced?.via }),
      written.jumps,
    )
  const problems = [
    ...readings.flatMap(problemsOf),
    ...merged.problems,
    ...homeless,
    ...credentialProblems(written.credentials, located, { stores, asks }),
    ...viaProblems(written, located),
    ...jumpProblems(written, located),
    ...deviceProblems(written, switches, located, wayOf),
    ...noSourceCredentials(written, switches, located),
    ...sharedAddresses(
      switches,
      ({ entry }) => portOf({ ...written.defaults, ...entry }),
      (one) => hopNames(wayOf(one)),
    ),
    ...groupProblems(merged.roster, written, located),
  ]
  return acceptUnless(problems, () => inventoryOf(written, located, file, { merged, switches, laid, wayOf }))
}

interface Parts {
  readonly merged: MergedSources
  readonly switches: readonly WrittenSwitch[]
  readonly laid: Roster
  readonly wayOf: WayOf
}

type WayOf = (one: WrittenSwitch) => readonly Hop[]

function inventoryOf(
  written: InventoryFile,
  located: LocatedValue,
  file: string,
  { merged, switches, laid: { hosts, groups }, wayOf }: Parts,
): Inventory {
  const sources = Object.entries(written.credentials).map(
    ([name, entry]) => [name, credentialSource(name, entry, placeOf(located, ['credentials', name]))] as const,
  )
  const read: ReadVariable = (variable, name, host) => merged.valueOf(variable, name, host.name) ?? plainValue(variable)
  const devices = switches.map((one) => {
    const { name, entry } = one
    const tags = tagsOf(entry.tags ?? {}, (tag) => writtenAt(located, ['devices', name, 'tags', tag]))
    return deviceOf(hosts.get(name) as RosterHost, { ...entry, tags }, { written, read, way: wayOf(one) })
  })
  return { file, devices, groups, credentials: Object.fromEntries(sources), warnings: merged.warnings }
}

function tagsOf(
  tags: Readonly<Record<string, string>>,
  written: (tag: string) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [tag, written(tag) ?? value]))
}

function deviceOf(
  host: RosterHost,
  entry: WrittenSwitch['entry'],
  {
    written,
    read,
    way,
  }: { readonly written: InventoryFile; readonly read: ReadVariable; readonly way: readonly Hop[] },
): InventoryDevice {
  const merged = { ...written.defaults, ...entry }
  const address = { name: host.name, host: entry.host, port: portOf(merged), ...sessionTerms(merged) }
  const user = {
    credentials: merged.credentials ?? '',
    ...definedMembers({ readCredentials: merged.readCredentials }),
    tags: entry.tags ?? {},
    groups: host.groups,
    vars: varsOf(host, read),
    ...definedMembers({ lab: entry.lab, via: unlessEmpty(way) }),
  }
  return { ...transportFacts(merged.transport).target(address, merged), ...user }
}

// How a switch is spoken to once it is reached; what is as usual is left out, so that plans keep their digests.
function sessionTerms({
  sendEnable,
  answerWithin,
}: Partial<DeviceEntry>): Pick<Address, 'sendEnable' | 'answerSeconds'> {
  return {
    ...(sendEnable === false ? { sendEnable } : {}),
    ...definedMembers({ answerSeconds: answerWithin }),
  }
}

function portOf(written: TransportSettings) {
  return written.port ?? transportFacts(written.transport).port(written)
}

function deviceProblems(
  { defaults, credentials }: InventoryFile,
  switches: readonly WrittenSwitch[],
  located: LocatedValue,
  wayOf: WayOf,
) {
  return switches
    .flatMap((one) => {
      const { name, entry, hostAt, sourced } = one
      const way = wayOf(one)
      const isBehind = way.length > 0
      const path = ['devices', name]
      const merged = { ...defaults, ...entry }
      return [
        hostProblem(entry.host, hostAt),
        ownWayProblem({ name, host: entry.host, port: portOf(merged) }, way, hostAt),
        plainHttp(merged, located, path, isBehind),
        ...contradictions(entry, path, located),
        enableNotSent(merged, credentials, located, path),
        ...(merged.credentials === undefined && sourced !== undefined
          ? []
          : loginProblems(merged, credentials, located, { path, hostAt, isBehind })),
      ].filter((problem) => problem !== undefined)
    })
    .concat(contradictions(defaults, ['defaults'], located))
}

function noSourceCredentials(
  { defaults }: InventoryFile,
  switches: readonly WrittenSwitch[],
  located: LocatedValue,
): Problem[] {
  const [first, ...rest] = switches.filter(
    ({ entry, sourced }) => sourced !== undefined && { ...defaults, ...entry }.credentials === undefined,
  )
  if (first === undefined) return []
  const who = rest.length === 0 ? `\`${first.name}\`` : `\`${first.name}\` and ${rest.length} more switches`
  return [
    {
      code: 'no-credentials',
      message: `${who} of the sources ${rest.length === 0 ? 'has' : 'have'} no credentials: a login never comes from a source`,
      at: keyPlaceOf(located, ['sources']),
      hint: 'add `credentials: NAME` to `defaults`',
    },
  ]
}

function plainHttp(
  merged: Partial<DeviceEntry>,
  located: LocatedValue,
  path: Path,
  isBehind: boolean,
): Problem | undefined {
  if (!transportFacts(merged.transport).isInClear(merged)) return undefined
  if (merged.host === undefined || (isLoopback(merged.host) && !isBehind)) return undefined
  return {
    code: 'plain-http',
    message: `plain http to ${merged.host}${isBehind ? ' behind a jump host' : ''} would send the password in clear text`,
    at: nearestOf(located, [...path, 'protocol'], ['defaults', 'protocol']),
    hint: 'use https; http is for simulated switches on loopback (127.0.0.1)',
  }
}

function enableNotSent(
  { sendEnable, credentials: name = '' }: Partial<DeviceEntry>,
  credentials: InventoryFile['credentials'],
  located: LocatedValue,
  path: Path,
): Problem | undefined {
  if (sendEnable !== false || credentials[name]?.enable === undefined) return undefined
  return {
    code: 'enable-not-sent',
    message: `\`sendEnable: false\` contradicts the enable secret of the credential \`${name}\``,
    at: nearestOf(located, [...path, 'sendEnable'], ['defaults', 'sendEnable']),
    hint: 'take one of the two out: without `enable` no secret is asked for',
  }
}

function contradictions(entry: Partial<DeviceEntry>, path: Path, located: LocatedValue): Problem[] {
  return proofsAtOnce(entry).map(({ setting, given }) => {
    const hint = `keep one of ${given.map((key) => `\`${key}\``).join(', ')}`
    const message = `\`${setting}\` asks for ${given.join(' and ')} at once`
    return { code: `${setting}-contradiction`, message, at: placeOf(located, [...path, setting]), hint }
  })
}

type Written = Pick<InventoryFile, 'groups' | 'devices'>

// What `inventory.yaml` says of groups and variables, laid over what its sources gave: of each switch first the layers of the sources, then those of its groups here, the weakest first, then its own. A switch is in a group of the file by its `groups`, or by a source that knows the same group or one of its children.
function laidOver(under: Roster, { groups, devices }: Written, located: LocatedValue): Roster {
  const graph = groupGraph(nodesOf(under, groups))
  const layers = new Map(
    Object.entries(groups).flatMap(([name, { vars }]) =>
      vars === undefined ? [] : [[name, layerOf(`group ${name}`, vars, located, ['groups', name, 'vars'])] as const],
    ),
  )
  const names = new Set([...under.hosts.keys(), ...Object.keys(devices)])
  const hosts = [...names].map((name): RosterHost => {
    const below = under.hosts.get(name)
    const own = ownMember(devices, name)
    const around = graph.around([...(below?.groups ?? []), ...(own?.groups ?? [])])
    const stacked = [ALL, ...around].flatMap((group) => layers.get(group) ?? [])
    const vars = own?.vars === undefined ? [] : [layerOf(`host ${name}`, own.vars, located, ['devices', name, 'vars'])]
    return {
      name,
      at: below?.at ?? keyPlaceOf(located, ['devices', name]),
      groups: around,
      layers: [...(below?.layers ?? []), ...stacked, ...vars],
    }
  })
  return {
    hosts: new Map(hosts.map((host) => [host.name, host])),
    groups: groupsWith(under, { groups, devices }, layers),
  }
}

// What is wrong with the groups of `inventory.yaml`: a group that is in itself, and the name of one that nobody has.
function groupProblems(under: Roster, { groups, devices }: Written, located: LocatedValue): readonly Problem[] {
  const known = [...new Set([...Object.keys(groups), ...under.groups.keys()])].filter((name) => name !== ALL)
  const named: readonly Path[] = [
    ...Object.entries(groups).flatMap(([name, { children = [] }]) =>
      children.map((_, index) => ['groups', name, 'children', index]),
    ),
    ...Object.entries(devices).flatMap(([name, { groups: own = [] }]) =>
      own.map((_, index) => ['devices', name, 'groups', index]),
    ),
  ]
  const unknown = named.flatMap((path): Problem[] => {
    const name = String(path.reduce<unknown>((of, step) => (of as Record<string, unknown>)[step], { groups, devices }))
    if (known.includes(name)) return []
    const message = `there is no group \`${name}\``
    const hint = known.length === 0 ? `write it under \`groups\`: \`${name}: {}\`` : didYouMean(name, known)
    return [{ code: 'unknown-group', message, at: placeOf(located, path), hint }]
  })
  return [...unknown, ...cycles(under, groups, located)]
}

function cycles(under: Roster, groups: Written['groups'], located: LocatedValue): readonly Problem[] {
  const nodes = nodesOf(under, groups)
  return circlesOf(nodes.keys(), (name) => nodes.get(name)?.children ?? []).map((circle) => {
    const [parent = '', child = ''] = circle.slice(-2)
    const place = (groups[parent]?.children ?? []).indexOf(child)
    return {
      code: 'inventory-cycle',
      message: `the group \`${child}\` is in itself: ${circle.join(' > ')}`,
      at: placeOf(located, ['groups', parent, 'children', ...(place < 0 ? [] : [place])]),
      hint: 'take one of the children out',
    }
  })
}

function nodesOf(under: Roster, groups: Written['groups']): ReadonlyMap<string, GroupNode> {
  const nodes = new Map<string, GroupNode>([...under.groups].map(([name, { children }]) => [name, { children }]))
  for (const [name, { children = [], priority }] of Object.entries(groups)) {
    nodes.set(name, {
      children: [...new Set([...(nodes.get(name)?.children ?? []), ...children])],
      ...definedMembers({ priority }),
    })
  }
  return nodes
}

function groupsWith(
  under: Roster,
  { groups, devices }: Written,
  layers: ReadonlyMap<string, Layer>,
): ReadonlyMap<string, RosterGroup> {
  const members = gathered(
    Object.entries(devices).flatMap(([name, { groups: own = [] }]) => own.map((group) => [group, name] as const)),
  )
  const names = new Set([...under.groups.keys(), ...Object.keys(groups)])
  return new Map(
    [...names].map((name) => {
      const below = under.groups.get(name)
      const own = ownMember(groups, name)
      const layer = layers.get(name)
      const group: RosterGroup = {
        name,
        children: [...new Set([...(below?.children ?? []), ...(own?.children ?? [])])],
        hosts: [...new Set([...(below?.hosts ?? []), ...(members.get(name) ?? [])])],
        layers: [...(below?.layers ?? []), ...(layer === undefined ? [] : [layer])],
      }
      return [name, group] as const
    }),
  )
}

function layerOf(of: string, vars: Readonly<Record<string, Json>>, located: LocatedValue, path: Path): Layer {
  const variables = Object.entries(vars).map(([name, value]): readonly [string, Variable] => {
    const whole = [...path, name]
    const variable = {
      value: asWritten(locatedAt(located, whole) ?? locatedNowhere(value, located.file)),
      at: placeOf(located, whole),
      placeOf: (within: Path) => placeOf(located, [...whole, ...within]),
    }
    return [name, variable]
  })
  return { of, vars: new Map(variables) }
}

function asWritten({ value, spot }: Pick<LocatedValue, 'value' | 'spot'>): RosterValue {
  if (typeof value === 'string') return new UnsafeText(value)
  const below = (member: Json, key: string | number): RosterValue =>
    asWritten({ value: member, spot: spot.members.get(String(key)) ?? spot })
  if (Array.isArray(value)) return (value as readonly Json[]).map(below)
  if (!isJsonObject(value)) return value as RosterValue
  const map = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, below(member, key)])) as RosterMap
  const keys = [...spot.members.keys()]
  if (keys.length === Object.keys(map).length) keepKeys(map, keys)
  return map
}

import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import { acceptUnless } from '../../../text/source/located.ts'
import {
  type ConnectionNames,
  groupsOfHosts,
  type Layer,
  type Roster,
  type RosterHost,
  type RosterMap,
  RosterPart,
  type SourceText,
  type Variable,
} from '../hosts/roster.ts'

/** How a node is reached: `mgmt-ipv4`, else its long name, under which containerlab makes it known to the machine that runs the lab. */
export const CONTAINERLAB_CONNECTION: ConnectionNames = { host: 'containerlab.host', platform: 'kind' }

/** The kinds of nodes that run EOS. */
export const EOS_KINDS: readonly string[] = ['ceos', 'arista_ceos', 'arista_veos']

// Keys that are one mapping of all levels; of any other key the nearest level holds.
const MERGED = ['labels', 'env']

/** Reads a topology of containerlab: every node is a host, with the keys of `defaults`, its kind, its group and its own as variables. Its groups are its kind, its `group`, and what its labels `ansible-group` and `nornir-group` name, as in the inventories that containerlab writes. */
export function readContainerlab(source: SourceText): ValueOrProblems<Roster> {
  const problems: Problem[] = []
  const file = RosterPart.of(source, problems)
  const topology = file?.member('topology')
  if (file !== undefined && topology === undefined)
    file.fault('there is no `topology`', 'give a topology of containerlab')
  const lab = file?.member('name')?.text() ?? ''
  if (file !== undefined && lab === '') file.fault('the lab has no `name`', 'give it one: `name: lab1`')
  const prefix = file?.member('prefix')?.text()
  const hosts = (topology?.member('nodes')?.members() ?? []).map(([name, node]) =>
    hostOf(topology, name, node, longName(name, lab, prefixed(file) ? (prefix ?? '') : 'clab')),
  )
  return acceptUnless(problems, () => ({
    hosts: new Map(hosts.map((host) => [host.name, host])),
    groups: groupsOfHosts(hosts),
  }))
}

function prefixed(file: RosterPart | undefined) {
  return file?.members().some(([key]) => key === 'prefix') === true
}

function longName(name: string, lab: string, prefix: string) {
  if (prefix === '') return name
  return prefix === '__lab-name' ? `${lab}-${name}` : `${prefix}-${lab}-${name}`
}

function hostOf(topology: RosterPart | undefined, name: string, node: RosterPart, long: string): RosterHost {
  const defaults = topology?.member('defaults')
  const group = (node.member('group') ?? defaults?.member('group'))?.text()
  const ofGroup = group === undefined ? undefined : topology?.member('groups')?.member(group)
  const kind = (node.member('kind') ?? ofGroup?.member('kind') ?? defaults?.member('kind'))?.text()
  const ofKind = kind === undefined ? undefined : topology?.member('kinds')?.member(kind)
  const levels: readonly (readonly [of: string, part: RosterPart | undefined])[] = [
    ['defaults', defaults],
    [`kind ${kind}`, ofKind],
    [`group ${group}`, ofGroup],
    [`node ${name}`, node],
  ]
  const written = levels.flatMap(([of, part]) => (part === undefined ? [] : [layerOf(of, part)]))
  const merged = mergedOf(written)
  const labels = merged.get('labels')?.value as RosterMap | undefined
  const facts = factsOf(node, ofMgmt(written), long)
  return {
    name,
    at: node.keyAt,
    groups: [...new Set([kind, group, ...labelledGroups(labels)].filter((one) => one !== undefined))],
    layers: [...written, { of: `node ${name}`, vars: new Map([...merged, ...facts]) }],
  }
}

function layerOf(of: string, part: RosterPart): Layer {
  const members = part.members().filter(([key, member]) => key !== 'credentials' && !member.isNull)
  return { of, vars: new Map(members.map(([key, member]) => [key, member.variable()])) }
}

function ofMgmt(layers: readonly Layer[]) {
  return layers.findLast(({ vars }) => vars.has('mgmt-ipv4'))?.vars.get('mgmt-ipv4')
}

function factsOf(
  node: RosterPart,
  address: Variable | undefined,
  long: string,
): readonly (readonly [string, Variable])[] {
  const longname: Variable = { value: long, at: node.keyAt }
  const isAddress = typeof address?.value === 'string' && address.value !== ''
  const host = isAddress ? { ...address, value: String(address.value).replace(/\/.*$/, '') } : longname
  return [
    ['containerlab.host', host],
    ['containerlab.longname', longname],
  ]
}

function mergedOf(layers: readonly Layer[]): ReadonlyMap<string, Variable> {
  const merged = MERGED.flatMap((key): [string, Variable][] => {
    const all = layers.flatMap(({ vars }) => vars.get(key) ?? [])
    const nearest = all.at(-1)
    if (nearest === undefined) return []
    const maps = all.map(({ value }) => value).filter((value) => typeof value === 'object' && value !== null)
    const from = (member: string | number | undefined) =>
      all.findLast(({ value }) => Object.hasOwn(Object(value), member ?? '')) ?? nearest
    return [
      [
        key,
        {
          value: Object.assign({}, ...maps) as RosterMap,
          at: nearest.at,
          placeOf: (path) => from(path[0]).placeOf?.(path) ?? nearest.at,
        },
      ],
    ]
  })
  return new Map(merged)
}

function labelledGroups(labels: RosterMap | undefined) {
  return Object.entries(labels ?? {}).flatMap(([label, group]) =>
    /^(?:ansible|nornir)-group(?:-\d+)?$/.test(label) && typeof group === 'string' ? [group] : [],
  )
}

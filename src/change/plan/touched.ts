import type { ConfigChange } from '../../eos/config/diff/diff.ts'
import { compareInterfaces, interfacesOf, isPhysical } from '../../eos/config/text/interface-name.ts'
import { type ConfigNode, type ConfigTree, parseVerb } from '../../eos/config/text/tree.ts'
import { definedMembers } from '../../model/json.ts'
import { parseVlans } from '../../model/vlan-list.ts'

export interface TouchedNeighbor {
  readonly neighbor: string
  readonly vrf: string
}

export interface TouchedThings {
  readonly ports: readonly string[]
  readonly vlans: readonly number[]
  readonly vrfs: readonly string[]
  readonly neighbors: readonly TouchedNeighbor[]
}

interface Touching {
  readonly ports: Set<string>
  readonly vlans: Set<number>
  readonly vrfs: Set<string>
  readonly neighbors: Map<string, TouchedNeighbor>
}

/** What the lines of a diff are about, as far as it was there before: behind what is new is nothing. */
export function touchedThings(
  changes: readonly Pick<ConfigChange, 'path' | 'line' | 'verbatim'>[],
  before: ConfigTree,
): TouchedThings {
  const found: Touching = { ports: new Set(), vlans: new Set(), vrfs: new Set(), neighbors: new Map() }
  for (const { path, line, verbatim } of changes) {
    const [root = '', ...below] = [...path, ...(verbatim === true ? [] : [line])].map(bare)
    if (root.startsWith('interface ')) ofInterface(found, root, below)
    else if (root.startsWith('router bgp ')) ofBgp(found, below)
    else ofRoot(found, root)
  }
  const was = existing(before)
  return {
    ports: [...found.ports].filter((port) => isPhysical(port) || was.interfaces.has(port)).sort(compareInterfaces),
    vlans: [...found.vlans].filter((vlan) => was.vlans.has(vlan)).sort((a, b) => a - b),
    vrfs: [...found.vrfs].filter((vrf) => was.vrfs.has(vrf)).sort(),
    neighbors: withMembers([...found.neighbors.values()], was.neighbors),
  }
}

const bare = (command: string) => parseVerb(command.trim()).line

function ofInterface(found: Touching, root: string, below: readonly string[]) {
  const [own = ''] = below
  for (const name of interfacesOf(root.slice('interface '.length))) {
    const [, svi] = /^Vlan(\d+)$/.exec(name) ?? []
    if (svi !== undefined) found.vlans.add(Number(svi))
    else if (name.startsWith('Vxlan')) addVlans(found, /^vxlan vlan (?:add |remove )?([\d,-]+) /.exec(own)?.[1])
    else if (/^(?!Loopback)[A-Za-z-]+\d/.test(name)) found.ports.add(name)
  }
  const [, channel] = /^channel-group (\d+)\b/.exec(own) ?? []
  if (channel !== undefined) found.ports.add(`Port-Channel${channel}`)
  const [, vrf] = /^(?:vxlan )?vrf (?:forwarding )?(\S+)/.exec(own) ?? []
  if (vrf !== undefined) found.vrfs.add(vrf)
}

const OF_VLANS =
  /^(?:vlan|spanning-tree vlan(?:-id)?|ip igmp snooping vlan|mac address-table static \S+ vlan) ([\d,-]+)(?: |$)/

const OF_VRF =
  /^(?:vrf (?:instance |definition )?|ip route vrf |ipv6 route vrf |ip routing vrf |ipv6 unicast-routing vrf |router \S+ \S+ vrf )(\S+)/

function ofRoot(found: Touching, root: string) {
  addVlans(found, OF_VLANS.exec(root)?.[1])
  const [, vrf] = OF_VRF.exec(root) ?? []
  if (vrf !== undefined) found.vrfs.add(vrf)
}

function ofBgp(found: Touching, below: readonly string[]) {
  let vrf = 'default'
  for (const command of below) {
    const [, inVrf] = /^vrf (\S+)/.exec(command) ?? []
    if (inVrf !== undefined) {
      vrf = inVrf
      found.vrfs.add(inVrf)
    }
    addVlans(found, /^vlan ([\d,-]+)$/.exec(command)?.[1])
    const [, neighbor] = /^neighbor (\S+)(?: |$)/.exec(command) ?? []
    if (neighbor !== undefined) found.neighbors.set(`${vrf} ${neighbor}`, { neighbor, vrf })
  }
}

function addVlans({ vlans }: Touching, list: string | undefined) {
  for (const vlan of list === undefined ? [] : (parseVlans(list) ?? [])) vlans.add(vlan)
}

const ADDRESS = /^(?:\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(?:%\S+)?$/

function withMembers(named: readonly TouchedNeighbor[], was: readonly ConfiguredNeighbor[]) {
  const touched = new Set(named.map(keyOf))
  const groups = new Set(named.map(({ neighbor }) => neighbor))
  const found = new Map<string, TouchedNeighbor>()
  for (const { neighbor, vrf, group } of was) {
    const one = { neighbor, vrf }
    if (ADDRESS.test(neighbor) && (touched.has(keyOf(one)) || (group !== undefined && groups.has(group))))
      found.set(keyOf(one), one)
  }
  return [...found.values()]
}

const keyOf = ({ vrf, neighbor }: TouchedNeighbor) => `${vrf} ${neighbor}`

interface ConfiguredNeighbor extends TouchedNeighbor {
  readonly group?: string
}

function existing({ children }: ConfigTree) {
  const named = (form: RegExp) => children.flatMap(({ line }) => form.exec(line)?.[1] ?? [])
  const interfaces = named(/^interface (.*)$/)
  const svis = interfaces.flatMap((name) => /^Vlan(\d+)$/.exec(name)?.[1] ?? [])
  return {
    interfaces: new Set(interfaces),
    vlans: new Set([1, ...svis.map(Number), ...named(/^vlan ([\d,-]+)$/).flatMap((list) => parseVlans(list) ?? [])]),
    vrfs: new Set(named(/^vrf (?:instance |definition )?(\S+)$/)),
    neighbors: children.flatMap(({ line, children: below }) =>
      line.startsWith('router bgp ') ? neighborsIn(below, 'default') : [],
    ),
  }
}

function neighborsIn(nodes: readonly ConfigNode[], vrf: string): readonly ConfiguredNeighbor[] {
  return nodes.flatMap(({ line, children }) => {
    const [, neighbor, group] = /^neighbor (\S+)(?: peer[ -]group (\S+))?/.exec(line) ?? []
    if (neighbor !== undefined) return [{ neighbor, vrf, ...definedMembers({ group }) }]
    return neighborsIn(children, /^vrf (\S+)/.exec(line)?.[1] ?? vrf)
  })
}

export function countTouched({ ports, vlans, vrfs, neighbors }: TouchedThings): number {
  return ports.length + vlans.length + vrfs.length + neighbors.length
}

/** The first so many of them: ports before VLANs, VRFs and neighbours. */
export function firstTouched(things: TouchedThings, most: number): TouchedThings {
  let left = most
  const taken = <T>(list: readonly T[]) => {
    const some = list.slice(0, Math.max(0, left))
    left -= some.length
    return some
  }
  return {
    ports: taken(things.ports),
    vlans: taken(things.vlans),
    vrfs: taken(things.vrfs),
    neighbors: taken(things.neighbors),
  }
}

import { definedMembers } from '../../../model/json.ts'
import { type ConfigNode, type ConfigTree, childLines, foundIn, hasChild, restOf } from '../../config/text/tree.ts'
import type { SwitchFacts } from '../platform/facts.ts'
import { compareInterfaces, interfaceKind, parseRange } from './interface-name.ts'
import type { InterfaceAddress, InterfaceAddresses, InterfaceKind } from './network-state.ts'
import { readIdentity } from './read-identity.ts'
import { type IsisConfig, readIsis } from './read-isis.ts'
import { type MlagConfig, readMlag } from './read-mlag.ts'
import { type PolicyConfig, readPolicy } from './read-policy.ts'
import {
  type BgpConfig,
  type OspfConfig,
  type RoutingConfig,
  readBgp,
  readOspf,
  readRouting,
  readSpanningTree,
  type SpanningTreeConfig,
} from './read-routing.ts'
import { readVlans, type VlanConfig } from './read-vlans.ts'

/** What the configuration says of one interface; absent lines have their EOS default. */
export interface InterfaceConfig {
  readonly name: string
  readonly kind: InterfaceKind
  readonly description: string
  readonly shutdown: boolean
  /** Whether it forwards by IP: `no switchport`, or a kind that always does. */
  readonly routed: boolean
  readonly mtu?: number
  readonly speed?: string
  readonly vrf: string
  readonly addresses: InterfaceAddresses
  readonly trunk: boolean
  readonly accessVlan: number
  readonly nativeVlan: number
  /** Undefined is `all`. */
  readonly allowedVlans?: ReadonlySet<number>
  readonly trunkGroups: readonly string[]
  readonly channelGroup?: { readonly channel: string; readonly mode: 'active' | 'passive' | 'on' }
  readonly mlagId?: number
  /** The tag of a subinterface. */
  readonly dot1q?: number
  readonly autostate: boolean
  readonly lldpTransmit: boolean
  readonly lldpReceive: boolean
  readonly ospf: OspfInterfaceConfig
  readonly isis: IsisInterfaceConfig
  /** `ip virtual-router address`: the addresses shared with VRRP-e. */
  readonly virtualRouter: readonly string[]
  readonly lacpFast: boolean
  /** `lacp system-id` of a port-channel: what it says instead of the MAC address of the switch. */
  readonly lacpSystem?: string
  readonly segment?: EthernetSegment
}

/** `evpn ethernet-segment` of a port-channel: what several switches have that a server is bonded to. */
export interface EthernetSegment {
  readonly identifier: string
  /** `route-target import`; empty without it. */
  readonly target: string
}

/** What an interface says of OSPF. */
export interface OspfInterfaceConfig {
  readonly area?: string
  readonly cost?: number
  readonly priority?: number
  readonly pointToPoint: boolean
  /** Whether it watches its neighbours by BFD. */
  readonly bfd: boolean
}

/** What an interface says of IS-IS. */
export interface IsisInterfaceConfig {
  readonly instance?: string
  readonly circuitType?: string
  readonly metric?: number
  readonly passive: boolean
  readonly pointToPoint: boolean
}

// Every interface that exists: the physical ones and the configured ones, in EOS order.
function readInterfaces(config: ConfigTree, physical: readonly string[]): ReadonlyMap<string, InterfaceConfig> {
  const routedByDefault = hasChild(config, 'switchport default mode routed')
  const blocks = new Map<string, readonly ConfigNode[]>(physical.map((name) => [name, []]))
  for (const node of config.children) {
    const name = /^interface (\S+)$/.exec(node.line)?.[1]
    if (name !== undefined && /\d$/.test(name)) blocks.set(name, node.children)
  }
  const names = [...blocks.keys()].sort(compareInterfaces)
  const read = new Map(names.map((name) => [name, readInterface(name, blocks.get(name) ?? [], routedByDefault)]))
  return new Map([...read].map(([name, port]) => [name, { ...port, addresses: borrowed(port.addresses, read) }]))
}

// An unnumbered interface has the address of the one it names (docs/eos.md 7.1).
function borrowed(own: InterfaceAddresses, all: ReadonlyMap<string, InterfaceConfig>) {
  const primary = all.get(own.unnumbered ?? '')?.addresses.primary
  return primary === undefined ? own : { ...own, primary }
}

function readInterface(name: string, lines: readonly ConfigNode[], routedByDefault: boolean): InterfaceConfig {
  const kind = interfaceKind(name)
  const has = (line: string) => lines.some((node) => node.line === line)
  const value = (head: string) => restOf(lines, `${head} `)
  const number = (head: string) => {
    const text = value(head)
    return text === undefined ? undefined : Number(text)
  }
  const switched = (kind === 'ethernet' || kind === 'portChannel') && !name.includes('.')
  return definedMembers({
    name,
    kind,
    description: value('description') ?? '',
    shutdown: has('shutdown'),
    routed: !switched || has('no switchport') || (routedByDefault && !has('switchport')),
    mtu: number('mtu'),
    speed: value('speed'),
    vrf: value('vrf forwarding') ?? value('vrf') ?? 'default',
    addresses: readAddresses(lines),
    trunk: has('switchport mode trunk'),
    accessVlan: number('switchport access vlan') ?? 1,
    nativeVlan: number('switchport trunk native vlan') ?? 1,
    allowedVlans: readAllowed(value('switchport trunk allowed vlan')),
    trunkGroups: foundIn(lines, /^switchport trunk group (\S+)$/),
    channelGroup: readChannelGroup(value('channel-group')),
    mlagId: number('mlag'),
    dot1q: number('encapsulation dot1q vlan'),
    autostate: !has('no autostate'),
    lldpTransmit: !has('no lldp transmit'),
    lldpReceive: !has('no lldp receive'),
    ospf: definedMembers({
      area: value('ip ospf area'),
      cost: number('ip ospf cost'),
      priority: number('ip ospf priority'),
      pointToPoint: value('ip ospf network') === 'point-to-point',
      bfd: has('ip ospf neighbor bfd'),
    }),
    isis: definedMembers({
      instance: value('isis enable'),
      circuitType: value('isis circuit-type'),
      metric: number('isis metric'),
      passive: has('isis passive') || has('isis passive-interface'),
      pointToPoint: has('isis network point-to-point'),
    }),
    virtualRouter: foundIn(lines, /^ip virtual-router address ([\d.]+)/),
    lacpFast: has('lacp timer fast') || has('lacp rate fast'),
    lacpSystem: value('lacp system-id'),
    segment: readSegment(lines),
  })
}

function readSegment(lines: readonly ConfigNode[]): EthernetSegment | undefined {
  const inside = lines.find(({ line }) => line === 'evpn ethernet-segment')?.children ?? []
  const [identifier] = foundIn(inside, /^identifier (?:.* )?(\S+)$/)
  const [target = ''] = foundIn(inside, /^route-target (?:.* )?(\S+)$/)
  return identifier === undefined ? undefined : { identifier, target }
}

function readAllowed(text: string | undefined): ReadonlySet<number> | undefined {
  return text === undefined || text === 'all' ? undefined : new Set(parseRange(text))
}

function readChannelGroup(text: string | undefined): InterfaceConfig['channelGroup'] {
  const [, id, mode] = /^(\d+) mode (active|passive|on)$/.exec(text ?? '') ?? []
  if (id === undefined || (mode !== 'active' && mode !== 'passive' && mode !== 'on')) return undefined
  return { channel: `Port-Channel${id}`, mode }
}

const ADDRESS = /^ip address (virtual )?(\d[\d.]*)\/(\d+)( secondary)?$/

function readAddresses(lines: readonly ConfigNode[]): InterfaceAddresses {
  const found: Record<'primary' | 'secondary' | 'virtual' | 'virtualSecondary', InterfaceAddress[]> = {
    primary: [],
    secondary: [],
    virtual: [],
    virtualSecondary: [],
  }
  for (const { line } of lines) {
    const [match, virtual, address = '', maskLen, secondary] = ADDRESS.exec(line) ?? []
    if (match === undefined) continue
    const slot =
      virtual === undefined ? (['primary', 'secondary'] as const) : (['virtual', 'virtualSecondary'] as const)
    found[secondary === undefined ? slot[0] : slot[1]].push({ address, maskLen: Number(maskLen) })
  }
  return definedMembers({
    primary: found.primary[0],
    secondary: found.secondary,
    virtual: found.virtual[0],
    virtualSecondary: found.virtualSecondary,
    unnumbered: restOf(lines, 'ip address unnumbered '),
    dhcp: lines.some((node) => node.line === 'ip address dhcp'),
    ipv6: lines.some(({ line }) => line === 'ipv6 enable' || line.startsWith('ipv6 address ')),
    ipv6Addresses: foundIn(lines, /^ipv6 address (\S+\/\d+)$/),
  })
}

/** One switch as `converge` gets it. */
export interface SwitchInput {
  readonly name: string
  readonly config: ConfigTree
  readonly facts: SwitchFacts
  /** Whether it runs: one that does not is silent to its neighbours. */
  readonly up: boolean
}

/** One switch with its configuration read. */
export interface SwitchModel {
  readonly name: string
  readonly hostname: string
  /** The name it announces over LLDP. */
  readonly fqdn: string
  readonly facts: SwitchFacts
  readonly up: boolean
  readonly interfaces: ReadonlyMap<string, InterfaceConfig>
  readonly vlans: ReadonlyMap<number, VlanConfig>
  readonly spanningTree: SpanningTreeConfig
  readonly routing: RoutingConfig
  readonly policy: PolicyConfig
  readonly mlag: MlagConfig | undefined
  readonly vxlan: VxlanConfig | undefined
  readonly bgp: BgpConfig | undefined
  readonly ospf: readonly OspfConfig[]
  readonly isis: readonly IsisConfig[]
}

/** Reads everything the protocols need from one configuration, in one pass per feature, and once for as long as it runs. */
export function readSwitch({ name, config, facts, up }: SwitchInput): SwitchModel {
  const known = lastRead.get(facts)
  const isKnown = known?.config === config && known.model.name === name
  const model = isKnown ? known.model : readModel({ name, config, facts, up })
  if (!isKnown) lastRead.set(facts, { config, model })
  return model.up === up ? model : { ...model, up }
}

// The last one of each switch: what it ran before is kept in many places, and a model is much larger than its configuration.
const lastRead = new WeakMap<SwitchFacts, { readonly config: ConfigTree; readonly model: SwitchModel }>()

function readModel({ name, config, facts, up }: SwitchInput): SwitchModel {
  return {
    name,
    ...readIdentity(config),
    facts,
    up,
    interfaces: readInterfaces(config, facts.interfaces),
    vlans: readVlans(config),
    spanningTree: readSpanningTree(config),
    routing: readRouting(config),
    policy: readPolicy(config),
    mlag: readMlag(config),
    vxlan: readVxlan(config),
    bgp: readBgp(config),
    ospf: readOspf(config),
    isis: readIsis(config),
  }
}

interface VxlanConfig {
  readonly name: string
  readonly sourceInterface: string
  readonly udpPort: number
  readonly shutdown: boolean
  // Whether the switches of an MLAG pair announce the MAC address of the pair (`mlag-system-id`), or each its own.
  readonly sharedRouterMac: boolean
  readonly vlanToVni: ReadonlyMap<number, number>
  readonly vrfToVni: ReadonlyMap<string, number>
  readonly floodVteps: readonly string[]
}

function readVxlan(config: ConfigTree): VxlanConfig | undefined {
  const block = config.children.find((node) => /^interface Vxlan\d+$/.test(node.line))
  if (block === undefined) return undefined
  const lines = childLines(block)
  const value = (head: string) => restOf(lines, `${head} `)
  return {
    name: block.line.slice('interface '.length),
    sourceInterface: value('vxlan source-interface') ?? '',
    udpPort: Number(value('vxlan udp-port') ?? 4789),
    shutdown: lines.includes('shutdown'),
    sharedRouterMac: lines.includes('vxlan virtual-router encapsulation mac-address mlag-system-id'),
    vlanToVni: new Map(lines.flatMap(vlanBindings)),
    vrfToVni: new Map(lines.flatMap(vrfBinding)),
    floodVteps: value('vxlan flood vtep')?.split(' ') ?? [],
  }
}

function vlanBindings(line: string) {
  const [, vlans = '', vnis = ''] = /^vxlan vlan (?:add )?([\d,-]+) vni ([\d,-]+)$/.exec(line) ?? []
  const numbers = parseRange(vnis)
  return parseRange(vlans).flatMap((vlan, at) => {
    const vni = numbers[at]
    return vni === undefined ? [] : [[vlan, vni] as const]
  })
}

function vrfBinding(line: string): readonly (readonly [string, number])[] {
  const [, vrf, vni] = /^vxlan vrf (\S+) vni (\d+)$/.exec(line) ?? []
  return vrf === undefined ? [] : [[vrf, Number(vni)]]
}

/** The VLANs a switched port is configured to carry, of those that exist and are active, ascending. */
export function carriedVlans(port: InterfaceConfig, vlans: ReadonlyMap<number, VlanConfig>): readonly number[] {
  if (port.routed || port.channelGroup !== undefined) return []
  if (!port.trunk) return vlans.get(port.accessVlan)?.suspended === false ? [port.accessVlan] : []
  const carried: number[] = []
  for (const vlan of vlans.values()) {
    const allowed = port.allowedVlans === undefined || port.allowedVlans.has(vlan.id)
    if (allowed && !vlan.suspended && inTrunkGroup(port, vlan)) carried.push(vlan.id)
  }
  return carried
}

function inTrunkGroup(port: InterfaceConfig, vlan: VlanConfig) {
  return vlan.trunkGroups.length === 0 || vlan.trunkGroups.some((group) => port.trunkGroups.includes(group))
}

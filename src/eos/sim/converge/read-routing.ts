import { dotted } from '../../../model/ip-address.ts'
import { definedMembers } from '../../../model/json.ts'
import {
  type ConfigNode,
  type ConfigTree,
  childAt,
  childLines,
  foundIn,
  hasChild,
  restOf,
} from '../../config/text/tree.ts'
import { ipv4, type Prefix, parsePrefix } from './address.ts'
import { expandNames, fullName, parseRange } from './interface-name.ts'
import {
  type BgpNeighborConfig,
  type NeighborScope,
  readNeighborLines,
  resolveMember,
  resolveNeighbors,
} from './read-bgp-neighbors.ts'

interface OspfNetwork {
  readonly prefix: Prefix
  readonly area: string
}

/** One `router ospf` block. */
export interface OspfConfig {
  readonly instance: string
  readonly vrf: string
  readonly routerId?: string
  readonly networks: readonly OspfNetwork[]
  readonly passiveByDefault: boolean
  readonly passive: ReadonlySet<string>
  readonly active: ReadonlySet<string>
  readonly redistribute: readonly BgpOrigin[]
  /** `always` announces a default route whether there is one or not. */
  readonly defaultOriginate: 'no' | 'known' | 'always'
  /** Megabits per second that cost 1; without it every interface costs 10. */
  readonly referenceBandwidth?: number
  readonly distance: number
  readonly maxLsa: number
}

/** The OSPF processes of a configuration that are not shut down. */
export function readOspf(config: ConfigTree): readonly OspfConfig[] {
  return config.children.flatMap((node) => {
    const [, instance, vrf = 'default'] = /^router ospf (\d+)(?: vrf (\S+))?$/.exec(node.line) ?? []
    const off = hasChild(node, 'shutdown')
    return instance === undefined || off ? [] : [readProcess(instance, vrf, node)]
  })
}

function readProcess(instance: string, vrf: string, node: ConfigNode): OspfConfig {
  const lines = childLines(node)
  const value = (pattern: RegExp) => foundIn(lines, pattern)[0]
  const all = (pattern: RegExp) => new Set(foundIn(lines, pattern))
  const reference = value(/^auto-cost reference-bandwidth (\d+)/)
  const originate = lines.find((line) => line.startsWith('default-information originate'))
  return {
    instance,
    vrf,
    networks: lines.flatMap(readNetwork),
    passiveByDefault: lines.includes('passive-interface default'),
    passive: all(/^passive-interface ([A-Z]\S*)$/),
    active: all(/^no passive-interface (\S+)$/),
    redistribute: lines.flatMap((line) =>
      readOrigin(/^redistribute (connected|static|bgp)(?: include leaked)?(?: route-map (\S+))?$/, line),
    ),
    defaultOriginate: originate === undefined ? 'no' : originate.includes(' always') ? 'always' : 'known',
    ...definedMembers({
      routerId: value(/^router-id ([\d.]+)$/),
      referenceBandwidth: reference === undefined ? undefined : Number(reference),
    }),
    distance: Number(value(/^distance ospf intra-area (\d+)$/) ?? 110),
    maxLsa: Number(value(/^max-lsa (\d+)/) ?? 12_000),
  }
}

function readNetwork(line: string): readonly OspfNetwork[] {
  const [, text = '', area = ''] = /^network (\S+) area (\S+)$/.exec(line) ?? []
  const prefix = parsePrefix(text)
  return prefix === undefined ? [] : [{ prefix, area: dottedArea(area) }]
}

/** An area as EOS prints it: `0` is `0.0.0.0`. */
export function dottedArea(area: string): string {
  if (ipv4(area) !== undefined) return area
  return dotted(Number(area))
}

/** What the configuration says of spanning tree. */
export interface SpanningTreeConfig {
  /** `mstp`, `rstp`, `rapid-pvst` or `none`; EOS's default is `mstp`. */
  readonly mode: string
  /** The VLANs of `no spanning-tree vlan-id`. */
  readonly disabled: ReadonlySet<number>
  /** Name, revision and map of the MST region: switches that agree on it are one region. */
  readonly region: string
  /** The MST instances that VLANs are mapped to, 0 for all others. */
  readonly mapped: ReadonlyMap<number, number>
  /** Bridge priorities by instance name (`MST0`, `VL10`) where they are configured. */
  readonly priorities: ReadonlyMap<string, number>
  readonly ports: ReadonlyMap<string, SpanningTreePort>
}

/** What an interface says of spanning tree. */
export interface SpanningTreePort {
  readonly portfast: boolean
  readonly priority: number
  readonly cost?: number
}

/** The priority of a bridge without a line (IEEE 802.1D). */
export const BRIDGE_PRIORITY = 32_768

/** The priority of a port without a line (IEEE 802.1D). */
export const PORT_PRIORITY = 128

// What `root primary` and `root secondary` set (EOS manual, Spanning Tree Protocol).
const ROOT_PRIORITY: Readonly<Record<string, number>> = { primary: 8192, secondary: 16_384 }

/** Spanning tree as configured. */
export function readSpanningTree(config: ConfigTree): SpanningTreeConfig {
  const region = childAt(config, 'spanning-tree mst configuration')?.children ?? []
  const off = foundIn(config.children, /^no spanning-tree vlan(?:-id)? ([\d,-]+)$/)
  return {
    mode: restOf(config.children, 'spanning-tree mode ') ?? 'mstp',
    disabled: new Set(off.flatMap(parseRange)),
    region: region
      .map(({ line }) => line)
      .sort()
      .join('\n'),
    mapped: new Map(region.flatMap(mappedVlans)),
    priorities: new Map(config.children.flatMap(priorityOf)),
    ports: new Map(config.children.flatMap(portOf)),
  }
}

function mappedVlans({ line }: ConfigNode) {
  const [, instance, range = ''] = /^instance (\d+) vlans? ([\d,-]+)$/.exec(line) ?? []
  return instance === undefined ? [] : parseRange(range).map((vlan) => [vlan, Number(instance)] as const)
}

function priorityOf({ line }: ConfigNode): readonly (readonly [string, number])[] {
  const [, kind, range = '0', word = ''] =
    /^spanning-tree (?:(mst|vlan-id|vlan) ([\d,-]+) )?(?:priority|root) (\S+)$/.exec(line) ?? []
  const priority = ROOT_PRIORITY[word] ?? Number(word)
  if (word === '' || Number.isNaN(priority)) return []
  return parseRange(range).map((number) => [`${kind?.startsWith('vlan') ? 'VL' : 'MST'}${number}`, priority] as const)
}

function portOf({ line, children }: ConfigNode): readonly (readonly [string, SpanningTreePort])[] {
  const name = /^interface ((?:Ethernet|Port-Channel)\S+)$/.exec(line)?.[1]
  const lines = children.flatMap((child) => (child.line.startsWith('spanning-tree ') ? [child.line] : []))
  if (name === undefined || lines.length === 0) return []
  const value = (head: string) => restOf(lines, `spanning-tree ${head} `)
  const cost = value('cost')
  return [
    [
      name,
      {
        portfast: lines.some((one) => /^spanning-tree portfast( edge)?$/.test(one)),
        priority: Number(value('port-priority') ?? PORT_PRIORITY),
        ...(cost === undefined ? {} : { cost: Number(cost) }),
      },
    ],
  ]
}

/** The tree that serves each VLAN: MSTP maps VLANs to few, rapid PVST has one for each, RSTP has one. */
export function servedVlans(
  { mode, mapped, disabled }: SpanningTreeConfig,
  vlans: Iterable<number>,
): ReadonlyMap<number, string> {
  if (mode === 'none') return new Map()
  const nameOf = (vlan: number) => {
    if (mode === 'rapid-pvst') return `VL${vlan}`
    return mode === 'mstp' ? `MST${mapped.get(vlan) ?? 0}` : 'MST0'
  }
  return new Map([...vlans].filter((vlan) => !disabled.has(vlan)).map((vlan) => [vlan, nameOf(vlan)]))
}

// One `network` or `redistribute` line.
interface BgpOrigin {
  // A prefix for `network`, a protocol (`connected`, `static`) for `redistribute`.
  readonly source: string
  readonly routeMap?: string
}

/** One `bgp listen range`: whoever calls from there is a neighbor of a peer group. */
export interface ListenRange {
  readonly prefix: Prefix
  /** A neighbor of the group, without address and AS. */
  readonly member: BgpNeighborConfig
  /** The AS the caller must have, or the peer-filter that must accept it. */
  readonly remoteAs?: string
  readonly filter?: string
}

/** One port of `neighbor interface`: whoever is at its other end is a neighbor of a peer group. */
export interface PortNeighbor {
  readonly interface: string
  /** A neighbor of the group, without address. */
  readonly member: BgpNeighborConfig
  /** The AS the other end must have, or the peer-filter that must accept it; without both that of the group. */
  readonly remoteAs?: string
  readonly filter?: string
}

/** One `aggregate-address` line. */
export interface BgpAggregate {
  readonly key: string
  readonly prefix: Prefix
  readonly summaryOnly: boolean
  readonly asSet: boolean
  /** Announced, but not put into the routing table. */
  readonly advertiseOnly: boolean
  readonly attributeMap?: string
  readonly matchMap?: string
}

/** BGP of one VRF as configured. */
export interface BgpVrfConfig {
  readonly vrf: string
  readonly routerId?: string
  /** How many equal paths it uses; a VRF has its own, else that of `router bgp`, else 1 (docs/eos.md 7.2). */
  readonly maximumPaths: number
  readonly neighbors: ReadonlyMap<string, BgpNeighborConfig>
  readonly listen: readonly ListenRange[]
  readonly ports: readonly PortNeighbor[]
  readonly networks: readonly BgpOrigin[]
  readonly redistribute: readonly BgpOrigin[]
  readonly aggregates: readonly BgpAggregate[]
  readonly rd: string
  readonly importTargets: readonly string[]
  readonly exportTargets: readonly string[]
}

/** One MAC-VRF: `vlan N` or `vlan-aware-bundle NAME` under `router bgp`. */
export interface MacVrfConfig {
  readonly vlans: readonly number[]
  /** Whether it is a `vlan-aware-bundle`, also one of a single VLAN. */
  readonly bundle: boolean
  readonly rd: string
  readonly importTargets: readonly string[]
  readonly exportTargets: readonly string[]
  readonly learned: boolean
}

/** `router bgp` as configured. */
export interface BgpConfig {
  readonly asn: string
  /** Administrative distance of eBGP and iBGP routes; EOS's default is 200 for both. */
  readonly distance: { readonly ebgp: number; readonly ibgp: number }
  readonly vrfs: ReadonlyMap<string, BgpVrfConfig>
  readonly macVrfs: readonly MacVrfConfig[]
}

/** BGP as configured, or undefined without `router bgp`. */
export function readBgp(config: ConfigTree): BgpConfig | undefined {
  const block = config.children.find((node) => /^router bgp \S+$/.test(node.line))
  if (block === undefined || hasChild(block, 'shutdown')) return undefined
  const asn = block.line.split(' ')[2] ?? ''
  const distances = foundIn(block.children, /^distance bgp (\d+(?: \d+)?)/)[0]
    ?.split(' ')
    .map(Number)
  const [ebgp = 200, ibgp = ebgp] = distances ?? []
  return {
    asn,
    distance: { ebgp, ibgp },
    vrfs: readVrfs(block),
    macVrfs: block.children.flatMap((node) => readMacVrf(node, asn)),
  }
}

function readVrfs(block: ConfigNode): ReadonlyMap<string, BgpVrfConfig> {
  const root = readNeighborLines(block.children)
  const common = readVrf('default', block, [root], 1)
  const vrfs = new Map([['default', common]])
  for (const node of block.children) {
    const name = /^vrf (\S+)$/.exec(node.line)?.[1]
    if (name !== undefined) {
      vrfs.set(name, readVrf(name, node, [readNeighborLines(node.children), root], common.maximumPaths))
    }
  }
  return vrfs
}

function readVrf(vrf: string, block: ConfigNode, scopes: readonly NeighborScope[], otherwise: number): BgpVrfConfig {
  const family = block.children.find((node) => /^address-family ipv4( unicast)?$/.test(node.line))
  const lines = [...block.children, ...(family?.children ?? [])].map((node) => node.line)
  const routerId = foundIn(block.children, /^router-id ([\d.]+)$/)[0]
  return {
    vrf,
    ...definedMembers({ routerId }),
    maximumPaths: Number(foundIn(block.children, /^maximum-paths (\d+)/)[0] ?? otherwise),
    neighbors: resolveNeighbors(scopes),
    listen: block.children.flatMap((node) => readListen(node.line, scopes)),
    ports: block.children.flatMap((node) => readPorts(node.line, scopes)),
    networks: lines.flatMap((line) => readOrigin(/^network (\S+)(?: route-map (\S+))?$/, line)),
    redistribute: lines.flatMap((line) =>
      readOrigin(
        /^redistribute (connected|static|ospf|isis)(?: (?:match |level-)\S+)?(?: include leaked)?(?: route-map (\S+))?$/,
        line,
      ),
    ),
    aggregates: lines.flatMap(readAggregate),
    rd: foundIn(block.children, /^rd (\S+)$/)[0] ?? '',
    importTargets: foundIn(lines, /^route-target import (?:evpn )?(\S+)$/),
    exportTargets: foundIn(lines, /^route-target export (?:evpn )?(\S+)$/),
  }
}

function readListen(line: string, scopes: readonly NeighborScope[]): readonly ListenRange[] {
  const [, range = '', group = '', kind, value] =
    /^bgp listen range (\S+) peer[ -]group (\S+) (peer-filter|remote-as) (\S+)$/.exec(line) ?? []
  const prefix = parsePrefix(range)
  if (prefix === undefined || value === undefined) return []
  const condition = kind === 'remote-as' ? { remoteAs: value } : { filter: value }
  return [{ prefix, member: resolveMember(group, scopes), ...condition }]
}

function readPorts(line: string, scopes: readonly NeighborScope[]): readonly PortNeighbor[] {
  const [, ports = '', group = '', kind, value] =
    /^neighbor interface (\S+) peer[ -]group (\S+)(?: (peer-filter|remote-as) (\S+))?$/.exec(line) ?? []
  const condition = value === undefined ? {} : kind === 'remote-as' ? { remoteAs: value } : { filter: value }
  return [...(expandNames(ports) ?? [])].map((name) => ({
    interface: name,
    member: resolveMember(group, scopes),
    ...condition,
  }))
}

function readAggregate(line: string): readonly BgpAggregate[] {
  const [, text = '', options = ''] = /^aggregate-address (\S+)(.*)$/.exec(line) ?? []
  const prefix = parsePrefix(text)
  if (prefix === undefined) return []
  const has = (word: string) => options.split(' ').includes(word)
  const attributeMap = / attribute-map (\S+)/.exec(options)?.[1]
  const matchMap = / match-map (\S+)/.exec(options)?.[1]
  return [
    {
      key: `${dotted(prefix.network)}/${prefix.maskLen}`,
      prefix,
      summaryOnly: has('summary-only'),
      asSet: has('as-set'),
      advertiseOnly: has('advertise-only'),
      ...definedMembers({ attributeMap, matchMap }),
    },
  ]
}

// One line of a pattern whose groups are the source and the route-map.
function readOrigin(pattern: RegExp, line: string): readonly BgpOrigin[] {
  const [, source, routeMap] = pattern.exec(line) ?? []
  if (source === undefined) return []
  return [{ source, ...definedMembers({ routeMap }) }]
}

/** What an `auto` target of a MAC-VRF is told apart by: the AS of whoever announces it, and the VNI in the end. */
export const AUTO_TARGET = 'auto '

function readMacVrf(node: ConfigNode, asn: string): readonly MacVrfConfig[] {
  const [, single, bundle] = /^(?:vlan (\d+)|vlan-aware-bundle (\S+))$/.exec(node.line) ?? []
  if (single === undefined && bundle === undefined) return []
  const lines = childLines(node)
  const targets = (way: string) =>
    lines.flatMap((line) => {
      const [, target = '', of = asn] =
        new RegExp(`^route-target (?:both|${way}) (?:evpn )?(\\S+)(?: (\\d+))?$`).exec(line) ?? []
      return target === 'auto' ? [`${AUTO_TARGET}${of}`] : target === '' ? [] : [target]
    })
  const vlans = single ?? restOf(lines, 'vlan ') ?? ''
  return [
    {
      vlans: parseRange(vlans),
      bundle: bundle !== undefined,
      rd: foundIn(lines, /^rd (\S+)$/)[0] ?? '',
      importTargets: targets('import'),
      exportTargets: targets('export'),
      learned: lines.includes('redistribute learned'),
    },
  ]
}

/** One `ip route` line. */
export interface StaticRoute {
  readonly vrf: string
  readonly prefix: string
  readonly nexthop?: string
  readonly interface?: string
  readonly distance: number
}

/** VRFs, and per VRF whether it routes. */
export interface RoutingConfig {
  /** All VRFs, `default` first, then in the order of the configuration. */
  readonly vrfs: readonly string[]
  readonly ipv4Routing: ReadonlySet<string>
  /** The VRFs that route IPv4 over interfaces with IPv6 alone. */
  readonly ipv4OverIpv6: ReadonlySet<string>
  readonly ipv6Routing: ReadonlySet<string>
  /** The VRFs that route IPv4 multicast. */
  readonly multicast: ReadonlySet<string>
  readonly statics: readonly StaticRoute[]
  /** Which routing stack runs: it decides the shapes of BGP's JSON and some of its rules (docs/eos.md 7.2). */
  readonly model: 'ribd' | 'multi-agent'
}

/** The VRFs, the routing switches and the static routes of a configuration. */
export function readRouting(config: ConfigTree): RoutingConfig {
  const lines = childLines(config)
  const vrfOf = (head: string) =>
    lines.flatMap((line) => (line === head ? 'default' : (after(line, `${head} vrf `) ?? [])))
  const ipv4OverIpv6 = vrfOf('ip routing ipv6 interfaces')
  return {
    vrfs: ['default', ...lines.flatMap((line) => after(line, 'vrf instance ') ?? after(line, 'vrf definition ') ?? [])],
    ipv4Routing: new Set([...vrfOf('ip routing'), ...ipv4OverIpv6]),
    ipv4OverIpv6: new Set(ipv4OverIpv6),
    ipv6Routing: new Set(vrfOf('ipv6 unicast-routing')),
    multicast: new Set([...vrfOf('ip multicast-routing'), ...multicastVrfs(config)]),
    model: lines.includes('service routing protocols model multi-agent') ? 'multi-agent' : 'ribd',
    statics: lines.flatMap((line) => readStatic(line) ?? []),
  }
}

function multicastVrfs(config: ConfigTree) {
  const root = config.children.filter(({ line }) => line === 'router multicast')
  const inner = root.flatMap(({ children }) => children.filter(({ line }) => line.startsWith('vrf ')))
  return [...root, ...inner].flatMap((node) =>
    hasChild(childAt(node, 'ipv4'), 'routing') ? [after(node.line, 'vrf ') ?? 'default'] : [],
  )
}

function after(line: string, head: string) {
  return line.startsWith(head) ? line.slice(head.length) : undefined
}

function readStatic(line: string): StaticRoute | undefined {
  if (!line.startsWith('ip route ')) return undefined
  const words = line.split(' ').slice(2)
  const vrf = words[0] === 'vrf' ? (words.splice(0, 2)[1] ?? 'default') : 'default'
  const prefix = words.shift() ?? ''
  if (parsePrefix(prefix) === undefined) return undefined
  const out = words[0] === 'Null0' ? words.shift() : readInterfaceName(words)
  const nexthop = /^[\d.]+\.[\d.]+$/.test(words[0] ?? '') ? words.shift() : undefined
  const distance = /^\d+$/.test(words[0] ?? '') ? Number(words[0]) : 1
  return {
    vrf,
    prefix,
    ...definedMembers({ nexthop, interface: out }),
    distance,
  }
}

function readInterfaceName(words: string[]) {
  const name = fullName(words[0] ?? '')
  if (name !== undefined) words.shift()
  return name
}

import { definedItems, gathered } from '../../../model/json.ts'
import { compareAddresses, ipv4, masked, networkOf, parsePrefix } from './address.ts'
import type { RaisedSwitch, RaisedSwitches, Segments } from './links.ts'
import type { InterfaceState, OspfNeighbor, OspfState, Route, RouteVia } from './network-state.ts'
import { hasCages } from './platform.ts'
import type { OspfInterfaceConfig, SwitchModel } from './read-interfaces.ts'
import { dottedArea, type OspfConfig, type StaticRoute } from './read-routing.ts'
import { remembered } from './remembered.ts'
import { longestMatch } from './resolve.ts'

// What an interface costs without `ip ospf cost` and `auto-cost` (lab-validation: 10 and 1 of the far end are 11).
const DEFAULT_COST = 10

/** One interface that takes part in OSPF. */
export interface OspfPort {
  readonly port: InterfaceState
  readonly area: string
  readonly cost: number
  readonly passive: boolean
  readonly priority: number
  readonly pointToPoint: boolean
  readonly bfd: boolean
  /** Whether its subnet is kept from the others: neighbours are found on it all the same. */
  readonly untold?: true
}

/** One OSPF process of one switch. */
export interface OspfNode {
  readonly key: string
  readonly device: string
  readonly config: OspfConfig
  readonly routerId: string
  readonly ports: readonly OspfPort[]
  readonly adjacencies: readonly OspfAdjacency[]
}

/** A neighbour that both ends agree on. */
export interface OspfAdjacency {
  readonly mine: OspfPort
  readonly theirs: OspfPort
  readonly far: string
  readonly address: string
}

/** The OSPF processes of all switches by VRF key, with who is adjacent to whom. */
export function ospfNodes(raised: RaisedSwitches, segments: Segments): ReadonlyMap<string, OspfNode> {
  const speakers = [...raised.values()]
    .filter(({ model }) => model.up)
    .flatMap((here) => here.model.ospf.map((config) => speaker(config, here)))
  return adjacentNodes(speakers, segments, (node, far) => far.routerId !== node.routerId)
}

/** Link-state routers by their key, with who is adjacent to whom: where they `agree`, and two of their ports on one link do. */
export function adjacentNodes(
  nodes: readonly OspfNode[],
  segments: Segments,
  agree: (node: OspfNode, far: OspfNode, area: string) => boolean,
): ReadonlyMap<string, OspfNode> {
  const speaking = nodes.flatMap((node) => node.ports.map((port) => ({ node, port })))
  const bySegment = gathered(
    speaking
      .filter(({ port }) => !port.passive && port.port.kind !== 'loopback')
      .map((one) => [segments.of(one.node.device, one.port.port.name), one]),
  )
  const adjacent = (node: OspfNode, mine: OspfPort): readonly OspfAdjacency[] => {
    if (mine.passive) return []
    const others = bySegment.get(segments.of(node.device, mine.port.name)) ?? []
    return others.flatMap(({ node: far, port: theirs }) => {
      const address = theirs.port.addresses.primary?.address
      if (address === undefined || !agree(node, far, mine.area) || !sameLink(mine, theirs)) return []
      return [{ mine, theirs, far: far.key, address }]
    })
  }
  return new Map(
    nodes.map((node) => [node.key, { ...node, adjacencies: node.ports.flatMap((mine) => adjacent(node, mine)) }]),
  )
}

function sameLink(mine: OspfPort, theirs: OspfPort) {
  const alike =
    mine.area === theirs.area && mine.pointToPoint === theirs.pointToPoint && mine.port.mtu === theirs.port.mtu
  return alike && (bothUnnumbered(mine, theirs) || sameSubnet(mine.port, theirs.port))
}

function bothUnnumbered(mine: OspfPort, theirs: OspfPort) {
  const borrows = ({ port, pointToPoint }: OspfPort) => pointToPoint && port.addresses.unnumbered !== undefined
  return borrows(mine) && borrows(theirs)
}

function sameSubnet(a: InterfaceState, b: InterfaceState) {
  const [left, right] = [a.addresses.primary, b.addresses.primary]
  if (left === undefined || right === undefined || left.maskLen !== right.maskLen) return false
  return masked(ipv4(left.address) ?? 0, left.maskLen) === masked(ipv4(right.address) ?? 0, right.maskLen)
}

function speaker(config: OspfConfig, { model, interfaces }: RaisedSwitch): OspfNode {
  const own = [...interfaces.values()].filter((port) => port.vrf === config.vrf && port.lineProtocol === 'up')
  const ports = own.flatMap((port) =>
    ospfPort(config, port, model.interfaces.get(port.name)?.ospf, hasCages(model.facts.model)),
  )
  return {
    key: nodeKey(model.name, config.vrf),
    device: model.name,
    config,
    routerId: config.routerId ?? highestAddress(own),
    ports,
    adjacencies: [],
  }
}

/** The highest loopback address of some ports, else their highest address. */
export function highestAddress(ports: readonly InterfaceState[]): string {
  const loopbacks = ports.filter(({ kind }) => kind === 'loopback')
  return highestOf(loopbacks.length > 0 ? loopbacks : ports) ?? '0.0.0.0'
}

export function highestOf(ports: readonly InterfaceState[]): string | undefined {
  return ports
    .flatMap((port) => port.addresses.primary?.address ?? [])
    .sort(compareAddresses)
    .at(-1)
}

function ospfPort(
  config: OspfConfig,
  port: InterfaceState,
  own: OspfInterfaceConfig | undefined,
  isHardware: boolean,
): readonly OspfPort[] {
  const address = ipv4(port.addresses.primary?.address ?? '')
  if (address === undefined || port.mode !== 'routed') return []
  const network = config.networks.find(({ prefix }) => masked(address, prefix.maskLen) === prefix.network)
  const area = own?.area === undefined ? network?.area : dottedArea(own.area)
  if (area === undefined) return []
  const { name } = port
  const passive = config.passiveByDefault ? !config.active.has(name) : config.passive.has(name)
  return [
    {
      port,
      area,
      cost: own?.cost ?? automaticCost(config, port, isHardware),
      passive,
      priority: own?.priority ?? 1,
      pointToPoint: own?.pointToPoint ?? false,
      bfd: own?.bfd ?? false,
    },
  ]
}

function automaticCost({ referenceBandwidth }: OspfConfig, { bandwidth }: InterfaceState, isHardware: boolean) {
  if (referenceBandwidth === undefined || bandwidth === 0 || !isHardware) return DEFAULT_COST
  return Math.max(1, Math.floor((referenceBandwidth * 1_000_000) / bandwidth))
}

function ospfNeighbors(node: OspfNode, nodes: ReadonlyMap<string, OspfNode>): readonly OspfNeighbor[] {
  return node.adjacencies.flatMap(({ mine, theirs, far, address }) => {
    const other = nodes.get(far)
    if (other === undefined) return []
    const designated = mine.pointToPoint ? undefined : designatedOf(node, other, mine, theirs)
    return [
      {
        instance: node.config.instance,
        vrf: node.config.vrf,
        routerId: other.routerId,
        interface: mine.port.name,
        address,
        area: mine.area,
        priority: mine.pointToPoint ? 0 : theirs.priority,
        ...(designated === undefined ? {} : { role: designated === other.routerId ? 'DR' : 'backupDR' }),
        ...bfdOf(mine, theirs),
        designated: designated === undefined ? '0.0.0.0' : addressOf(designated, node, mine, theirs),
      } as const,
    ]
  })
}

// An end that asks alone waits for the other one (docs/eos.md 7.1).
function bfdOf(mine: OspfPort, theirs: OspfPort): Pick<OspfNeighbor, 'bfd'> {
  return mine.bfd ? { bfd: theirs.bfd ? 'up' : 'down' } : {}
}

function designatedOf(node: OspfNode, other: OspfNode, mine: OspfPort, theirs: OspfPort) {
  if (mine.priority !== theirs.priority) return mine.priority > theirs.priority ? node.routerId : other.routerId
  return compareAddresses(node.routerId, other.routerId) > 0 ? node.routerId : other.routerId
}

function addressOf(id: string, node: OspfNode, mine: OspfPort, theirs: OspfPort) {
  return (id === node.routerId ? mine : theirs).port.addresses.primary?.address ?? '0.0.0.0'
}

/** What each switch has of something, by switch. */
export function byDevice<T extends { readonly device: string }>(all: Iterable<T>): ReadonlyMap<string, readonly T[]> {
  return gathered(Array.from(all, (one) => [one.device, one]))
}

/** The OSPF processes of one switch, as its show commands see them, among those of all switches. */
export function ospfState(own: readonly OspfNode[], nodes: ReadonlyMap<string, OspfNode>): readonly OspfState[] {
  return own.map((node) => ({
    instance: node.config.instance,
    vrf: node.config.vrf,
    routerId: node.routerId,
    maxLsa: node.config.maxLsa,
    areas: [...new Set(node.ports.map(({ area }) => area))].sort(compareAddresses),
    interfaces: node.ports.map(({ port, area, cost, passive, pointToPoint }) => ({
      name: port.name,
      area,
      cost,
      passive,
      pointToPoint,
    })),
    neighbors: ospfNeighbors(node, nodes),
  }))
}

/** One subnet an interface stands in. */
export interface ConnectedNet {
  readonly interface: string
  readonly network: number
  readonly maskLen: number
  readonly prefix: string
  /** The switch's own address there; undefined for a virtual one. */
  readonly address?: string
  /** Whether the address is that of another interface: it is in no subnet, and brings no connected route. */
  readonly unnumbered: boolean
}

/** The subnets of the interfaces that are up, by VRF. An interface without an address of its own has none. */
export function connectedNets(
  interfaces: ReadonlyMap<string, InterfaceState>,
): ReadonlyMap<string, readonly ConnectedNet[]> {
  const nets = new Map<string, ConnectedNet[]>()
  for (const port of interfaces.values()) {
    if (port.lineProtocol !== 'up' || port.mode !== 'routed') continue
    const list = nets.get(port.vrf) ?? []
    nets.set(port.vrf, list)
    list.push(...netsOf(port))
  }
  return nets
}

function netsOf({ name, addresses }: InterfaceState): readonly ConnectedNet[] {
  const { primary, secondary, virtual, virtualSecondary, unnumbered } = addresses
  const owned = definedItems(primary, ...secondary).map((own) => ({
    ...net(name, own.address, own.maskLen),
    address: own.address,
    unnumbered: own === primary && unnumbered !== undefined,
  }))
  const shared = definedItems(virtual, ...virtualSecondary)
  return [...owned, ...shared.map(({ address, maskLen }) => net(name, address, maskLen))]
}

function net(name: string, address: string, maskLen: number): ConnectedNet {
  const network = masked(ipv4(address) ?? 0, maskLen)
  return { interface: name, network, maskLen, prefix: networkOf(address, maskLen), unnumbered: false }
}

/** The subnet an address lies in, if it is connected. */
export function connectedTo(nets: readonly ConnectedNet[], address: string): ConnectedNet | undefined {
  const value = ipv4(address)
  if (value === undefined) return undefined
  return nets.find((candidate) => !candidate.unnumbered && masked(value, candidate.maskLen) === candidate.network)
}

/** The connected and static routes of one VRF by prefix; a static route needs its next hop or interface to be there. */
export function localRoutes(
  vrf: string,
  model: SwitchModel,
  nets: readonly ConnectedNet[],
): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>()
  for (const { prefix, interface: name, unnumbered } of nets) {
    if (unnumbered) continue
    const vias = [...(routes.get(prefix)?.vias ?? []), { interface: name }]
    routes.set(prefix, { prefix, type: 'connected', preference: 0, metric: 0, vias, drop: false })
  }
  for (const line of model.routing.statics) {
    if (line.vrf !== vrf) continue
    const route = staticRoute(line, nets)
    const known = routes.get(line.prefix)
    if (route === undefined || (known !== undefined && known.preference < route.preference)) continue
    const shared = known?.preference === route.preference ? known.vias : []
    routes.set(line.prefix, { ...route, vias: [...shared, ...route.vias] })
  }
  return routes
}

function staticRoute(line: StaticRoute, nets: readonly ConnectedNet[]): Route | undefined {
  const { distance: preference, interface: name, nexthop } = line
  const parsed = parsePrefix(line.prefix)
  if (parsed === undefined) return undefined
  const route = {
    prefix: networkOf(line.prefix.split('/')[0] ?? '', parsed.maskLen),
    type: 'static' as const,
    preference,
    metric: 0,
  }
  if (name === 'Null0') return { ...route, vias: [], drop: true }
  if (nexthop === undefined) {
    const there = nets.some((candidate) => candidate.interface === name)
    return there && name !== undefined ? { ...route, vias: [{ interface: name }], drop: false } : undefined
  }
  const out = connectedTo(nets, nexthop)
  const wrong = out === undefined || (name !== undefined && name !== out.interface)
  return wrong ? undefined : { ...route, vias: [{ nexthop, interface: out.interface }], drop: false }
}

/** One switch in one VRF, as packets meet it. */
export interface ForwardingNode {
  readonly device: string
  readonly vrf: string
  readonly nets: readonly ConnectedNet[]
  /** The ports that speak IPv6, with their link-local addresses: next hops of a link without IPv4. */
  readonly links: readonly { readonly address: string; readonly interface: string }[]
  readonly routes: ReadonlyMap<string, Route>
}

export type ForwardingNodes = ReadonlyMap<string, ForwardingNode>

/** Who owns which address, and who routes where. */
export interface ForwardingPlane {
  /** Where a packet to `address` from a node arrives within `hops` links, if it does. */
  readonly reaches: (from: ForwardingNode, address: string, hops: number) => ForwardingNode | undefined
  /** The longest route for an address. */
  readonly lookup: (from: ForwardingNode, address: string) => Route | undefined
  /** Whether an address is one of the node's own. */
  readonly owns: (node: ForwardingNode, address: string) => boolean
  /** Who a packet to `address` is given to over one way of a route; nobody where no switch has the next hop. */
  readonly across: (from: ForwardingNode, via: RouteVia, address: string) => readonly Owner[]
}

/** A switch in one VRF that has an address, and on which interface. */
export interface Owner {
  readonly node: ForwardingNode
  readonly interface: string
}

/** The key of a switch in a VRF. */
export const nodeKey = (device: string, vrf: string): string => `${device}|${vrf}`

/** Builds the forwarding of all switches from their routing tables. */
export function forward(nodes: ForwardingNodes, segments: Segments): ForwardingPlane {
  const owners = ownersOf(nodes)
  // Networks that have no link between them may use the same addresses.
  const bySegment = remembered((address) =>
    gathered((owners.get(address) ?? []).map((one) => [segments.of(one.node.device, one.interface), one])),
  )
  const nodesWith = remembered((address) => new Set(owners.get(address)?.map(({ node }) => node)))
  const lookup = (from: ForwardingNode, address: string) => longestMatch(from.routes)(ipv4(address) ?? -1)
  const across = (from: ForwardingNode, via: RouteVia, address: string) => {
    if (via.interface === undefined) return []
    const near = bySegment(via.nexthop ?? address).get(segments.of(from.device, via.interface)) ?? []
    return near.filter((owner) => owner.node !== from)
  }
  const nextHops = (from: ForwardingNode, address: string) => {
    const vias = lookup(from, address)?.vias ?? []
    return vias.flatMap((via) => across(from, via, address).map(({ node }) => node))
  }
  const owns = (node: ForwardingNode, address: string) => nodesWith(address).has(node)
  const reaches = (from: ForwardingNode, address: string, hops: number) => {
    let front = [from]
    const seen = new Set(front)
    for (let hop = 0; hop <= hops && front.length > 0; hop += 1) {
      const arrived = front.find((node) => owns(node, address))
      if (arrived !== undefined) return arrived
      front = front.flatMap((node) => nextHops(node, address)).filter((node) => !seen.has(node) && seen.add(node))
    }
    return undefined
  }
  return { reaches, lookup, owns, across }
}

function ownersOf(nodes: ForwardingNodes): ReadonlyMap<string, readonly Owner[]> {
  return gathered(
    [...nodes.values()].flatMap((node) =>
      [...node.nets, ...node.links].flatMap(({ address, interface: name }) =>
        address === undefined ? [] : [[address, { node, interface: name }] as const],
      ),
    ),
  )
}

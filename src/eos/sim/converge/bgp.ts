import { definedMembers, gathered } from '../../../model/json.ts'
import { eosAtLeast } from '../platform/facts.ts'
import { compareAddresses, ipv4, masked } from './address.ts'
import { type ImportedPaths, type Ipv4Memory, runIpv4, withBgpRoutes } from './bgp-routes.ts'
import {
  type BgpEnd,
  type BgpNode,
  type BgpNodes,
  type BgpSessions,
  edgeId,
  isInternal,
  judgeSessions,
  localAs,
  sourceAddress,
} from './bgp-session.ts'
import { disjointSets } from './disjoint-sets.ts'
import { type EvpnMemory, floodLists, importPrefixes, runEvpn } from './evpn.ts'
import type { FaultsAt } from './faults.ts'
import type { HeardHost } from './hosts.ts'
import type { InnerRoutes } from './inner-routes.ts'
import { withPortNeighbors } from './link-local.ts'
import type { RaisedSwitch, RaisedSwitches, Segments } from './links.ts'
import type { BgpFamily, BgpFamilyState, BgpPeer, BgpTimers, BgpVrfState, InterfaceState } from './network-state.ts'
import {
  connectedTo,
  type ForwardingNode,
  type ForwardingNodes,
  type ForwardingPlane,
  forward,
  highestOf,
  nodeKey,
} from './ospf.ts'
import { EMPTY_TABLE, type PathTables } from './path-vector.ts'
import type { BgpNeighborConfig } from './read-bgp-neighbors.ts'
import type { SwitchModel } from './read-interfaces.ts'
import type { BgpVrfConfig, ListenRange } from './read-routing.ts'

/** What routing settles on: sessions, paths, and the routing tables with all routes in them. */
export interface BgpOutcome {
  readonly nodes: BgpNodes
  readonly sessions: BgpSessions
  readonly ipv4: PathTables
  readonly evpn: PathTables
  readonly forwarding: ForwardingNodes
  /** Who reaches whom over these tables. */
  readonly paths: ForwardingPlane
  /** Which IP interfaces hear each other, VXLAN included. */
  readonly segments: Segments
}

// From here on a route that came over EVPN from another AS has the distance of eBGP (docs/eos.md 7.2).
const EXTERNAL_EVPN_SINCE = '4.26'

/** What BGP runs on. */
export interface BgpGround {
  readonly raised: RaisedSwitches
  /** Every switch in every VRF with its connected and static routes. */
  readonly forwarding: ForwardingNodes
  /** What brings the other routes below BGP. */
  readonly inner: InnerRoutes
  readonly segments: Segments
  readonly faults: FaultsAt
  readonly routerMacs: ReadonlyMap<string, string>
  /** The hosts that each switch hears: EVPN announces them. */
  readonly hosts: ReadonlyMap<string, readonly HeardHost[]>
}

// Sessions need routes and routes need sessions: round by round, at most so often.
const MAX_ROUNDS = 12

/** Runs BGP until neither sessions, imported routes, the routes below nor the flood lists change. */
export function runBgp(ground: BgpGround): BgpOutcome {
  const { raised, faults, hosts } = ground
  let { forwarding, segments } = ground
  let imported: ImportedPaths = new Map()
  let before = ''
  const memory: Ipv4Memory = new Map()
  let overlay: EvpnMemory | undefined
  for (let round = 1; ; round += 1) {
    const below = ground.inner(forwarding)
    const paths = forward(below, segments)
    const nodes = withPortNeighbors(withCallers(bgpNodes(ground, below), paths), ground.segments)
    const sessions = judgeSessions({ nodes, forwarding: paths, faults })
    const ipv4 = runIpv4(nodes, sessions, imported, memory, faults)
    forwarding = routed(below, nodes, ipv4)
    const evpnPaths = forward(forwarding, segments)
    const evpnNodes = withPortNeighbors(withCallers(bgpNodes(ground, forwarding), evpnPaths), ground.segments)
    const evpnGround = { raised, nodes: evpnNodes, sessions, forwarding: evpnPaths, ipv4, faults, hosts }
    overlay = runEvpn(evpnGround, overlay)
    const evpn = overlay.tables
    imported = importPrefixes(evpnNodes, evpn)
    segments = stretched(ground, evpnNodes, evpn)
    const now = signature(sessions, imported, below === ground.forwarding ? [] : forwarding.values())
    if (now === before || round === MAX_ROUNDS) {
      return { nodes: evpnNodes, sessions, ipv4, evpn, forwarding, paths: forward(forwarding, segments), segments }
    }
    before = now
  }
}

function stretched(ground: BgpGround, nodes: BgpNodes, evpn: PathTables) {
  const vteps = new Map<string, string>()
  const floods = new Map<string, ReadonlyMap<number, ReadonlySet<string>>>()
  for (const [device, here] of ground.raised) {
    const vtep = vtepOf(here)
    if (vtep === undefined || !hasOwnAddress(here)) continue
    vteps.set(device, vtep)
    const root = nodes.get(nodeKey(device, 'default'))
    if (root !== undefined) floods.set(device, floodLists(root, here.model, evpn))
  }
  return vteps.size < 2 ? ground.segments : stretch(ground.segments, ground.raised, vteps, floods)
}

function hasOwnAddress({ model, interfaces }: RaisedSwitch) {
  return [...(model.vxlan?.vlanToVni.keys() ?? [])].some(
    (vlan) => interfaces.get(`Vlan${vlan}`)?.addresses.primary !== undefined,
  )
}

function signature(sessions: BgpSessions, imported: ImportedPaths, tables: Iterable<ForwardingNode>) {
  const up = [...sessions.values()].flat().map((end) => `${end.state}${end.source}`)
  const taken = [...imported].map(([key, paths]) => `${key} ${paths.map((path) => path.key + path.nextHop)}`)
  const routes = [...tables].map((node) =>
    [...node.routes.values()].map(({ prefix, vias }) => `${prefix} ${vias.map((via) => via.nexthop ?? via.vtep)}`),
  )
  return `${up.join()} ${taken.join()} ${routes.join()}`
}

function routed(forwarding: ForwardingNodes, nodes: BgpNodes, ipv4: PathTables): ForwardingNodes {
  return new Map(
    [...forwarding].map(([key, node]) => {
      const speaker = nodes.get(key)
      const best = ipv4.tables.get(key)?.best
      return [
        key,
        speaker === undefined || best === undefined ? node : { ...node, routes: withBgpRoutes(speaker, best) },
      ]
    }),
  )
}

function bgpNodes({ raised, routerMacs }: BgpGround, forwarding: ForwardingNodes): BgpNodes {
  const nodes = new Map<string, BgpNode>()
  for (const [key, node] of forwarding) {
    const here = raised.get(node.device)
    const bgp = here?.model.bgp
    const config = bgp?.vrfs.get(node.vrf)
    if (here === undefined || bgp === undefined || config === undefined) continue
    nodes.set(key, {
      key,
      device: node.device,
      up: here.model.up,
      vrf: node.vrf,
      bgp,
      config,
      policy: here.model.policy,
      ribd: here.model.routing.model === 'ribd',
      externalEvpn: eosAtLeast(here.model.facts.eos, EXTERNAL_EVPN_SINCE),
      routerId: routerIdOf(config, here.model, here.interfaces),
      forwarding: node,
      interfaces: here.interfaces,
      routerMac: routerMacs.get(node.device) ?? here.model.facts.systemMac,
      systemMac: here.model.facts.systemMac,
      vtep: vtepOf(here),
    })
  }
  return nodes
}

/** The address a switch tunnels from, while its Vxlan interface is up. */
export function vtepOf({ model, interfaces }: RaisedSwitch): string | undefined {
  const { vxlan } = model
  if (vxlan === undefined || interfaces.get(vxlan.name)?.lineProtocol !== 'up') return undefined
  return interfaces.get(vxlan.sourceInterface)?.addresses.primary?.address
}

// The configured router-id; without one a VRF takes its highest loopback address, then its highest address, then that of `router bgp`
// (docs/eos.md 7.2). EOS keeps the first it chose.
function routerIdOf(config: BgpVrfConfig, model: SwitchModel, interfaces: ReadonlyMap<string, InterfaceState>) {
  if (config.routerId !== undefined) return config.routerId
  const ports = [...interfaces.values()].filter((port) => port.vrf === config.vrf && port.lineProtocol === 'up')
  const loopback = highestOf(ports.filter((port) => port.kind === 'loopback'))
  return loopback ?? highestOf(ports) ?? model.bgp?.vrfs.get('default')?.routerId ?? '0.0.0.0'
}

/** BGP of one switch by VRF, as its show commands see it. */
export function bgpState({ name, routing }: SwitchModel, outcome: BgpOutcome): ReadonlyMap<string, BgpVrfState> {
  const states = new Map<string, BgpVrfState>()
  for (const vrf of routing.vrfs) {
    const node = outcome.nodes.get(nodeKey(name, vrf))
    if (node === undefined) continue
    const ends = outcome.sessions.get(node.key) ?? []
    states.set(node.vrf, {
      vrf: node.vrf,
      routerId: node.routerId,
      asn: node.bgp.asn,
      maximumPaths: node.config.maximumPaths,
      peers: new Map(ends.map((end) => [end.neighbor.address, peerState(end, outcome)])),
      paths: outcome.ipv4.tables.get(node.key) ?? EMPTY_TABLE,
      evpn: outcome.evpn.tables.get(node.key) ?? EMPTY_TABLE,
    })
  }
  return states
}

function peerState(end: BgpEnd, outcome: BgpOutcome): BgpPeer {
  const { neighbor, far, state, idleReason } = end
  const up = state === 'Established'
  const shown = [...neighbor.families].filter(
    ([family, mine]) => mine.active || (up && far?.neighbor.families.get(family)?.active),
  )
  return {
    address: neighbor.address,
    state,
    ...definedMembers({ idleReason }),
    asn: neighbor.remoteAs,
    localAsn: localAs(end.node, neighbor),
    internal: isInternal(end.node, neighbor),
    source: end.source,
    ...interfaceOf(end),
    ttl: isInternal(end.node, neighbor) ? 255 : neighbor.ttl,
    bfd: neighbor.bfd,
    timers: neighbor.timers,
    ...(up && far !== undefined ? { negotiatedTimers: agreed(neighbor.timers, far.neighbor.timers) } : {}),
    maximumRoutes: neighbor.maximumRoutes,
    endsAtMaximum: neighbor.endsAtMaximum,
    md5: neighbor.password !== undefined,
    sendCommunity: neighbor.sendCommunity,
    description: neighbor.description,
    peerGroup: neighbor.peerGroup,
    ...definedMembers({
      device: far?.node.device,
      routerId: up ? far?.node.routerId : undefined,
    }),
    outerMaps: neighbor.outerMaps,
    families: new Map(shown.map(([family]) => [family, familyState(end, family, outcome)])),
  }
}

function interfaceOf({ node, neighbor }: BgpEnd): { readonly interface?: string } {
  const name =
    neighbor.link?.interface ?? neighbor.updateSource ?? connectedTo(node.forwarding.nets, neighbor.address)?.interface
  return name === undefined ? {} : { interface: name }
}

// The hold time is the smaller of the two; keepalives go out at a third of it at the latest (RFC 4271).
function agreed(mine: BgpTimers, theirs: BgpTimers): BgpTimers {
  const hold = Math.min(mine.hold, theirs.hold)
  return { hold, keepalive: Math.min(mine.keepalive, Math.floor(hold / 3)) }
}

function familyState(end: BgpEnd, family: BgpFamily, outcome: BgpOutcome): BgpFamilyState {
  const { neighbor, far } = end
  const tables = family === 'ipv4Unicast' ? outcome.ipv4 : outcome.evpn
  const heard = far === undefined ? undefined : tables.counts.get(edgeId(far.node, far.neighbor, family))
  const { routeMapIn, routeMapOut } = neighbor.families.get(family) ?? {}
  return {
    state: negotiation(end, neighbor, family),
    received: heard?.received ?? 0,
    accepted: heard?.accepted ?? 0,
    sent: tables.counts.get(edgeId(end.node, neighbor, family))?.sent ?? (() => 0),
    ...definedMembers({ routeMapIn, routeMapOut }),
  }
}

function negotiation(end: BgpEnd, neighbor: BgpNeighborConfig, family: BgpFamily) {
  if (end.state !== 'Established') return 'configured'
  if (end.families.includes(family)) return 'negotiated'
  return neighbor.families.get(family)?.active === true ? 'advertised' : 'received'
}

function withCallers(nodes: BgpNodes, forwarding: ForwardingPlane) {
  const listeners = listenersByAddress(nodes)
  if (listeners.size === 0) return nodes
  const callers = gathered(
    [...nodes.values()].flatMap((caller) =>
      [...caller.config.neighbors.values()].flatMap((neighbor) => {
        const listener = listeners.get(neighbor.address)
        const source = listener && sourceAddress(caller, neighbor, forwarding)
        if (listener === undefined || source === undefined || listener.config.neighbors.has(source)) return []
        const member = admitted(listener, source, localAs(caller, neighbor))
        return member === undefined ? [] : [[listener.key, member] as const]
      }),
    ),
  )
  return new Map([...nodes].map(([key, node]) => [key, joined(node, callers.get(key) ?? [])]))
}

function listenersByAddress(nodes: BgpNodes): BgpNodes {
  const listeners = new Map<string, BgpNode>()
  for (const node of nodes.values()) {
    if (node.config.listen.length === 0) continue
    for (const { address } of node.forwarding.nets) if (address !== undefined) listeners.set(address, node)
  }
  return listeners
}

function admitted(listener: BgpNode, source: string, asn: string): BgpNeighborConfig | undefined {
  const range = listener.config.listen.find(
    ({ prefix }) => masked(ipv4(source) ?? 0, prefix.maskLen) === prefix.network,
  )
  if (range === undefined || !welcomes(listener, range, asn)) return undefined
  return { ...range.member, address: source, remoteAs: asn }
}

function welcomes(listener: BgpNode, { remoteAs, filter }: ListenRange, asn: string) {
  if (remoteAs !== undefined) return remoteAs === asn
  const entries = listener.policy.peerFilters.get(filter ?? '') ?? []
  return entries.find(({ from, to }) => Number(asn) >= from && Number(asn) <= to)?.accept === true
}

function joined(node: BgpNode, members: readonly BgpNeighborConfig[]) {
  if (members.length === 0) return node
  const all = [...node.config.neighbors.values(), ...members].sort((a, b) => compareAddresses(a.address, b.address))
  return { ...node, config: { ...node.config, neighbors: new Map(all.map((member) => [member.address, member])) } }
}

type FloodLists = ReadonlyMap<string, ReadonlyMap<number, ReadonlySet<string>>>

function stretch(
  segments: Segments,
  raised: RaisedSwitches,
  vteps: ReadonlyMap<string, string>,
  floods: FloodLists,
): Segments {
  const { find, join } = disjointSets()
  const behind = segmentsBehind(segments, raised, vteps)
  for (const [device, lists] of floods) {
    const vnis = raised.get(device)?.model.vxlan?.vlanToVni
    for (const [vlan, remotes] of lists) {
      const here = segments.of(device, `Vlan${vlan}`)
      const others = [...remotes].flatMap((remote) => behind.get(`${remote} ${vnis?.get(vlan)}`) ?? [])
      for (const there of others) join(there, here)
    }
  }
  return { of: (device, name) => find(segments.of(device, name)) }
}

function segmentsBehind(
  segments: Segments,
  raised: RaisedSwitches,
  vteps: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  return gathered(
    [...vteps].flatMap(([device, address]) =>
      [...(raised.get(device)?.model.vxlan?.vlanToVni ?? [])].map(
        ([vlan, vni]) => [`${address} ${vni}`, segments.of(device, `Vlan${vlan}`)] as const,
      ),
    ),
  )
}

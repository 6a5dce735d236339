import { covers, ipv4 } from './address.ts'
import type { FaultsAt } from './faults.ts'
import type { BgpFamily, BgpSessionState, IdleReason, InterfaceState } from './network-state.ts'
import { connectedTo, type ForwardingNode, type ForwardingPlane, nodeKey } from './ospf.ts'
import type { Edge, VectorPath } from './path-vector.ts'
import type { BgpNeighborConfig } from './read-bgp-neighbors.ts'
import type { PolicyConfig } from './read-policy.ts'
import type { BgpConfig, BgpVrfConfig } from './read-routing.ts'
import { applyRouteMap, permitsPrefix, underMaintenance } from './route-policy.ts'

/** A switch that speaks BGP in one VRF. */
export interface BgpNode {
  readonly key: string
  readonly device: string
  readonly up: boolean
  readonly vrf: string
  readonly bgp: BgpConfig
  readonly config: BgpVrfConfig
  readonly policy: PolicyConfig
  readonly routerId: string
  /** Whether the ribd routing model runs. */
  readonly ribd: boolean
  /** Whether what came over EVPN from another AS has the distance of eBGP. */
  readonly externalEvpn: boolean
  readonly forwarding: ForwardingNode
  readonly interfaces: ReadonlyMap<string, InterfaceState>
  readonly routerMac: string
  readonly systemMac: string
  readonly vtep: string | undefined
}

export type BgpNodes = ReadonlyMap<string, BgpNode>

/** One end of a session, with what it found out about the other. */
export interface BgpEnd {
  readonly node: BgpNode
  readonly neighbor: BgpNeighborConfig
  readonly state: BgpSessionState
  readonly idleReason?: IdleReason
  /** The other end, once the two have found each other. */
  readonly far?: { readonly node: BgpNode; readonly neighbor: BgpNeighborConfig }
  /** The address this end speaks from. */
  readonly source: string
  /** The families both ends activate. */
  readonly families: readonly BgpFamily[]
}

/** The ends of the sessions of each node. */
export type BgpSessions = ReadonlyMap<string, readonly BgpEnd[]>

/** Everything a session is judged by. */
export interface SessionGround {
  readonly nodes: BgpNodes
  readonly forwarding: ForwardingPlane
  readonly faults: FaultsAt
}

type Verdict = Pick<BgpEnd, 'state' | 'idleReason'>

const ACTIVE: Verdict = { state: 'Active' }

/** The local AS of a session. */
export const localAs = (node: BgpNode, neighbor: BgpNeighborConfig): string => neighbor.localAs ?? node.bgp.asn

/** Whether both ends of a session are of one AS. */
export const isInternal = (node: BgpNode, neighbor: BgpNeighborConfig): boolean =>
  localAs(node, neighbor) === neighbor.remoteAs

/** Judges one session from one end. */
export function judgeSession(node: BgpNode, neighbor: BgpNeighborConfig, ground: SessionGround): BgpEnd {
  const source = sourceAddress(node, neighbor, ground.forwarding)
  const end = { node, neighbor, source: source ?? '', families: [] }
  const own = standing(node, neighbor, source, ground)
  if (own !== undefined) return { ...end, ...own }
  const arrived = arrival(node, neighbor, ground)
  const far = arrived && ground.nodes.get(nodeKey(arrived.device, arrived.vrf))
  const theirs = far?.config.neighbors.get(neighbor.link?.knownAs ?? source ?? '')
  if (far === undefined || theirs === undefined) return { ...end, ...ACTIVE }
  const met = { ...end, far: { node: far, neighbor: theirs } }
  const families = commonFamilies(neighbor, theirs)
  if (families.length === 0 || !agree(node, neighbor, far, theirs, ground)) return { ...met, ...ACTIVE }
  return { ...met, families, state: 'Established' }
}

function arrival(node: BgpNode, neighbor: BgpNeighborConfig, ground: SessionGround) {
  if (neighbor.link !== undefined) return ground.nodes.get(neighbor.link.far)?.forwarding
  return ground.forwarding.reaches(node.forwarding, neighbor.address, hopsOf(node, neighbor))
}

function standing(
  node: BgpNode,
  neighbor: BgpNeighborConfig,
  source: string | undefined,
  { faults }: SessionGround,
): Verdict | undefined {
  if (neighbor.shutdown) return { state: 'Idle', idleReason: 'Admin' }
  if (!node.up) return ACTIVE
  if (faults.latched(node.device, node.vrf, neighbor.address)) return { state: 'Idle', idleReason: 'MaxPath' }
  if (neighbor.remoteAs === '') return { state: 'Idle' }
  if (source === undefined || !adjacent(node, neighbor)) return { state: 'Idle', idleReason: 'NoIf' }
  return faults.peerDown(node.device, node.vrf, neighbor.address) ? ACTIVE : undefined
}

// An eBGP session of one hop needs the peer on a connected subnet; EOS shows `Idle(NoIf)` without (ntc).
function adjacent(node: BgpNode, neighbor: BgpNeighborConfig) {
  if (isInternal(node, neighbor) || neighbor.ttl > 1 || neighbor.link !== undefined) return true
  return connectedTo(node.forwarding.nets, neighbor.address) !== undefined
}

/** The address a session speaks from: the update-source, or that of the interface towards the peer. */
export function sourceAddress(
  node: BgpNode,
  neighbor: BgpNeighborConfig,
  forwarding: ForwardingPlane,
): string | undefined {
  if (neighbor.link !== undefined) return neighbor.link.source
  if (neighbor.updateSource !== undefined) {
    const port = node.interfaces.get(neighbor.updateSource)
    return port?.lineProtocol === 'up' ? port.addresses.primary?.address : undefined
  }
  const nets = node.forwarding.nets.filter((net) => net.address !== undefined)
  const direct = connectedTo(nets, neighbor.address)?.address
  if (direct !== undefined) return direct
  const via = forwarding.lookup(node.forwarding, neighbor.address)?.vias[0]?.interface
  return node.interfaces.get(via ?? '')?.addresses.primary?.address
}

function hopsOf(node: BgpNode, neighbor: BgpNeighborConfig) {
  return isInternal(node, neighbor) ? 255 : neighbor.ttl
}

function agree(
  node: BgpNode,
  neighbor: BgpNeighborConfig,
  far: BgpNode,
  theirs: BgpNeighborConfig,
  ground: SessionGround,
) {
  const answering = sourceAddress(far, theirs, ground.forwarding)
  return (
    standing(far, theirs, answering, ground) === undefined &&
    localAs(far, theirs) === neighbor.remoteAs &&
    localAs(node, neighbor) === theirs.remoteAs &&
    answering === (neighbor.link?.peer ?? neighbor.address) &&
    samePassword(neighbor, theirs) &&
    arrival(far, theirs, ground) === node.forwarding
  )
}

function samePassword(a: BgpNeighborConfig, b: BgpNeighborConfig) {
  if (a.password === undefined || b.password === undefined) return a.password === b.password
  return a.password.key !== b.password.key || a.password.stored === b.password.stored
}

function commonFamilies(a: BgpNeighborConfig, b: BgpNeighborConfig) {
  return [...a.families].flatMap(([family, mine]) => (mine.active && b.families.get(family)?.active ? [family] : []))
}

/** Judges all sessions of all switches. */
export function judgeSessions(ground: SessionGround): BgpSessions {
  return new Map(
    [...ground.nodes].map(([key, node]) => [
      key,
      [...node.config.neighbors.values()].map((neighbor) => judgeSession(node, neighbor, ground)),
    ]),
  )
}

// EOS's default for a path (RFC 4271).
const LOCAL_PREF = 100

type Direction = ReturnType<typeof directionOf>

/** The direction of a session in which an end sends; undefined while it does not carry the family. */
export function edgeOf(end: BgpEnd, family: BgpFamily, faults: FaultsAt): Edge | undefined {
  const { node, far } = end
  if (end.state !== 'Established' || far === undefined || !end.families.includes(family)) return undefined
  const direction = directionOf(end, far, family)
  const withdrawn = faults.withdrawn(far.node.device, far.node.vrf, far.neighbor.address)
  const carry = (path: VectorPath) => {
    if (withdrawn?.(path.evpn?.prefix ?? path.key) === true) return undefined
    const sent = send(path, direction)
    return typeof sent === 'object' ? (accept(sent, direction) ?? 'refused') : sent
  }
  return { id: direction.id, from: node.key, to: far.node.key, carry, ...originatedDefault(direction) }
}

function originatedDefault(direction: Direction): Pick<Edge, 'always'> {
  if (!direction.neighbor.defaultOriginate || direction.evpn) return {}
  const path = localPath('0.0.0.0/0', 0)
  const accepted = accept(arriving(path, path, direction), direction)
  return accepted === undefined ? {} : { always: new Map([[path.key, accepted]]) }
}

function directionOf({ node, neighbor, source }: BgpEnd, far: NonNullable<BgpEnd['far']>, family: BgpFamily) {
  const leaving = neighbor.families.get(family)
  const entering = far.neighbor.families.get(family)
  return {
    id: edgeId(node, neighbor, family),
    node,
    neighbor,
    far: far.node,
    farNeighbor: far.neighbor,
    source: neighbor.link === undefined ? source : far.neighbor.address,
    internal: isInternal(node, neighbor),
    evpn: family === 'l2VpnEvpn',
    asn: localAs(node, neighbor),
    farAsn: localAs(far.node, far.neighbor),
    routerId: ipv4(node.routerId) ?? 0,
    farRouterId: ipv4(far.node.routerId) ?? 0,
    rank: ipv4(far.neighbor.address) ?? 0,
    outList: leaving?.prefixListOut,
    outMap: leaving?.routeMapOut,
    inList: entering?.prefixListIn,
    inMap: entering?.routeMapIn,
  }
}

/** The name of the direction in which a node sends to a neighbor. */
export function edgeId(node: BgpNode, neighbor: BgpNeighborConfig, family: BgpFamily): string {
  return `${node.key}>${neighbor.address} ${family}`
}

function send(path: VectorPath, direction: Direction): VectorPath | 'looped' | undefined {
  const { node, neighbor, internal } = direction
  if (path.peerAddress === neighbor.address) return undefined
  if (internal && path.source === 'ibgp' && !reflects(path, direction)) return undefined
  if (path.communities.length > 0 && keptBack(path, internal)) return undefined
  if (!path.aggregate && suppressed(path, node)) return undefined
  const passed = filtered(path, direction.outList, direction.outMap, node.policy, direction.asn)
  const sent = passed && maintained(passed, node, neighbor, direction.asn)
  if (sent === undefined) return undefined
  const shown = internal ? sent : withoutPrivate(sent, direction)
  return !internal && loops(shown, direction) ? 'looped' : arriving(shown, path, direction)
}

// The well-known communities that keep a path at home (RFC 1997).
function keptBack({ communities }: VectorPath, internal: boolean) {
  return communities.includes('no-advertise') || (!internal && communities.includes('no-export'))
}

function suppressed(path: VectorPath, { config }: BgpNode) {
  if (!hasPrefix(path)) return false
  const prefix = path.evpn?.prefix ?? path.key
  return config.aggregates.some((aggregate) => aggregate.summaryOnly && covers(aggregate.prefix, prefix))
}

// The number of the neighbor stays (docs/eos.md 7.2).
function withoutPrivate(path: VectorPath, { neighbor, asn: own, farAsn }: Direction) {
  const { removePrivateAs: mode } = neighbor
  if (mode === 'no' || !path.asPath.some(isPrivate)) return path
  if (mode === 'only' && !path.asPath.every(isPrivate)) return path
  const goes = (asn: string) => isPrivate(asn) && asn !== farAsn
  const asPath =
    mode === 'replace' ? path.asPath.map((asn) => (goes(asn) ? own : asn)) : path.asPath.filter((asn) => !goes(asn))
  return { ...path, asPath }
}

function isPrivate(asn: string) {
  const value = Number(asn)
  return (value >= 64_512 && value <= 65_534) || (value >= 4_200_000_000 && value <= 4_294_967_294)
}

// Who brought a path into the AS does not take it back (RFC 4456).
function reflects(path: VectorPath, { node, neighbor, farRouterId }: Direction) {
  if (path.peerRouterId === farRouterId) return false
  return neighbor.reflectorClient || node.config.neighbors.get(path.peerAddress)?.reflectorClient === true
}

// Such a path counts as never received: so it is in all recorded counters (62 sessions of an EVPN lab).
function loops(path: VectorPath, { farAsn, farNeighbor }: Direction) {
  let seen = 0
  for (const hop of path.asPath) if (hop === farAsn) seen += 1
  return seen > farNeighbor.allowasIn
}

function arriving(sent: VectorPath, original: VectorPath, direction: Direction): VectorPath {
  const { internal, asn } = direction
  const keepsMed = internal || original.source === 'local' || sent.med !== original.med
  return {
    key: sent.key,
    asPath: internal ? sent.asPath : prepended(asn, sent.asPath),
    nextHop: internal ? internalNextHop(sent, direction) : externalNextHop(sent, direction),
    origin: sent.origin,
    localPref: internal ? sent.localPref : LOCAL_PREF,
    med: keepsMed ? sent.med : 0,
    weight: 0,
    source: internal ? 'ibgp' : 'ebgp',
    edge: direction.id,
    peerAddress: direction.farNeighbor.address,
    peerRouterId: internal && original.source === 'ibgp' ? original.peerRouterId : direction.routerId,
    peerRank: direction.rank,
    evpn: direction.evpn ? sent.evpn : undefined,
    communities: direction.neighbor.sendCommunity.includes('standard') ? sent.communities : NONE,
  }
}

const NONE: readonly string[] = []

const longer = new WeakMap<readonly string[], Map<string, readonly string[]>>()

function prepended(asn: string, path: readonly string[]) {
  const known = longer.get(path) ?? new Map<string, readonly string[]>()
  longer.set(path, known)
  const made = known.get(asn) ?? [asn, ...path]
  known.set(asn, made)
  return made
}

function internalNextHop(path: VectorPath, { evpn, neighbor, source }: Direction) {
  if (evpn) return path.nextHop
  return path.source === 'local' || neighbor.nextHopSelf || path.evpn !== undefined ? source : path.nextHop
}

function externalNextHop(path: VectorPath, { evpn, neighbor, source }: Direction) {
  return neighbor.nextHopUnchanged || (evpn && path.source === 'local') ? path.nextHop : source
}

function accept(path: VectorPath, direction: Direction) {
  const { far, farNeighbor, farAsn } = direction
  const passed = filtered(path, direction.inList, direction.inMap, far.policy, farAsn)
  return passed && maintained(passed, far, farNeighbor, farAsn)
}

function maintained(
  path: VectorPath,
  { policy, vrf }: BgpNode,
  { address, peerGroup }: BgpNeighborConfig,
  asn: string,
) {
  if (!policy.maintenance.holds(vrf, address, peerGroup)) return path
  return underMaintenance({ prefix: path.evpn?.prefix ?? path.key, path, asn }, policy)
}

function hasPrefix({ evpn }: VectorPath) {
  return evpn === undefined || (evpn.kind !== 'imet' && evpn.prefix !== '')
}

function filtered(
  path: VectorPath,
  list: string | undefined,
  map: string | undefined,
  policy: PolicyConfig,
  asn: string,
) {
  if (list === undefined && map === undefined) return path
  const prefix = path.evpn?.prefix ?? path.key
  if (hasPrefix(path) && !permitsPrefix(list, prefix, policy)) return undefined
  return applyRouteMap(map, { prefix, path, asn }, policy)
}

/** A path a switch originates itself. */
export function localPath(key: string, origin: VectorPath['origin'], nextHop = ''): VectorPath {
  return {
    key,
    asPath: NONE,
    nextHop,
    origin,
    localPref: LOCAL_PREF,
    med: 0,
    weight: 0,
    source: 'local',
    edge: '',
    peerAddress: '',
    peerRouterId: 0,
    peerRank: 0,
    evpn: undefined,
    communities: NONE,
  }
}

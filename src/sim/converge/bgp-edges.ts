import type { BgpEnd, BgpNode } from './bgp-session.ts'
import { isInternal, localAs } from './bgp-session.ts'
import type { BgpFamily } from './network-state.ts'
import type { Edge, Path } from './path-vector.ts'
import type { BgpNeighborConfig } from './read-bgp-neighbors.ts'
import { applyRouteMap, permitsPrefix } from './route-policy.ts'

/** EOS's defaults for a path (RFC 4271). */
const LOCAL_PREF = 100

/** The two directions of a session, seen from one end: that end sends. */
export function edgeOf(end: BgpEnd, family: BgpFamily): Edge | undefined {
  const { node, neighbor, far } = end
  if (end.state !== 'Established' || far === undefined || !end.families.includes(family)) return undefined
  return {
    id: edgeId(node, neighbor, family),
    from: node.key,
    to: far.node.key,
    send: (path) => send(path, end, family),
    accept: (path) => accept(path, far.node, far.neighbor, end, family),
  }
}

/** The name of the direction in which a node sends to a neighbor. */
export function edgeId(node: BgpNode, neighbor: BgpNeighborConfig, family: BgpFamily): string {
  return `${node.key}>${neighbor.address} ${family}`
}

function send(path: Path, end: BgpEnd, family: BgpFamily): Path | undefined {
  const { node, neighbor, far } = end
  const internal = isInternal(node, neighbor)
  if (far === undefined || path.peerAddress === neighbor.address) return undefined
  if (internal && path.source === 'ibgp' && !reflects(node, path, neighbor)) return undefined
  const config = neighbor.families.get(family)
  const prefix = path.evpn?.prefix ?? path.key
  if (path.evpn?.kind !== 'imet' && !permitsPrefix(config?.prefixListOut, prefix, node.policy)) return undefined
  const asn = localAs(node, neighbor)
  const out = applyRouteMap(config?.routeMapOut, { prefix, path, asn }, node.policy)
  if (out === undefined) return undefined
  if (internal) return { ...out, nextHop: internalNextHop(out, end, family) }
  if (loops(out, far.node, far.neighbor)) return undefined
  return {
    ...out,
    asPath: [asn, ...out.asPath],
    nextHop: externalNextHop(out, end, family),
    localPref: LOCAL_PREF,
    med: path.source === 'local' || out.med !== path.med ? out.med : 0,
  }
}

/** A route reflector passes what it learned from one internal peer to another if either is its client. */
function reflects(node: BgpNode, path: Path, to: BgpNeighborConfig): boolean {
  return to.reflectorClient || node.config.neighbors.get(path.peerAddress)?.reflectorClient === true
}

/**
 * Whether the receiver finds its own AS in a path too often. Such a path counts as never received: so it is in all
 * recorded counters (62 sessions of an EVPN lab).
 */
function loops(path: Path, node: BgpNode, neighbor: BgpNeighborConfig): boolean {
  const asn = localAs(node, neighbor)
  return path.asPath.filter((hop) => hop === asn).length > neighbor.allowasIn
}

/** EVPN paths keep the VTEP as next hop within an AS. */
function internalNextHop(path: Path, end: BgpEnd, family: BgpFamily): string {
  if (family === 'l2VpnEvpn') return path.nextHop
  const fromVtep = path.evpn !== undefined
  return path.source === 'local' || end.neighbor.nextHopSelf || fromVtep ? end.source : path.nextHop
}

function externalNextHop(path: Path, end: BgpEnd, family: BgpFamily): string {
  const keeps = end.neighbor.nextHopUnchanged || (family === 'l2VpnEvpn' && path.source === 'local')
  return keeps ? path.nextHop : end.source
}

function accept(
  path: Path,
  node: BgpNode,
  neighbor: BgpNeighborConfig,
  from: BgpEnd,
  family: BgpFamily,
): Path | undefined {
  const internal = isInternal(node, neighbor)
  const asn = localAs(node, neighbor)
  const config = neighbor.families.get(family)
  const prefix = path.evpn?.prefix ?? path.key
  if (path.evpn?.kind !== 'imet' && !permitsPrefix(config?.prefixListIn, prefix, node.policy)) return undefined
  const arrived: Path = {
    ...path,
    source: internal ? 'ibgp' : 'ebgp',
    weight: 0,
    edge: edgeId(from.node, from.neighbor, family),
    peerRouterId: from.node.routerId,
    peerAddress: neighbor.address,
  }
  return applyRouteMap(config?.routeMapIn, { prefix, path: arrived, asn }, node.policy)
}

/** A path a switch originates itself. */
export function localPath(key: string, origin: Path['origin'], nextHop = ''): Path {
  return {
    key,
    asPath: [],
    nextHop,
    origin,
    localPref: LOCAL_PREF,
    med: 0,
    weight: 0,
    source: 'local',
    peerRouterId: '',
    peerAddress: '',
  }
}

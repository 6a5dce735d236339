import { edgeOf, localPath } from './bgp-edges.ts'
import type { BgpEnd, BgpNode } from './bgp-session.ts'
import { connectedTo } from './local-routes.ts'
import type { Route, RouteVia } from './network-state.ts'
import { type Path, type PathTables, propagate, type Speaker } from './path-vector.ts'
import { applyRouteMap } from './route-policy.ts'

/** The paths a VRF imports from EVPN, by node. */
export type ImportedPaths = ReadonlyMap<string, readonly Path[]>

/** Runs IPv4 unicast over the sessions that are up. */
export function runIpv4(
  nodes: ReadonlyMap<string, BgpNode>,
  sessions: ReadonlyMap<string, readonly BgpEnd[]>,
  imported: ImportedPaths,
): PathTables {
  const speakers = [...nodes.values()].map((node) => speakerOf(node, imported.get(node.key) ?? []))
  const ends = [...sessions.values()].flat()
  return propagate(
    speakers,
    ends.flatMap((end) => edgeOf(end, 'ipv4Unicast') ?? []),
  )
}

function speakerOf(node: BgpNode, imported: readonly Path[]): Speaker {
  const local = originated(node)
  const known = new Set(local.map((path) => path.key))
  const reachable = new Map<string, boolean>()
  return {
    id: node.key,
    local: [...local, ...imported.filter((path) => !known.has(path.key))],
    maximumPaths: node.bgp.maximumPaths,
    usable: ({ nextHop }) => {
      const answer = reachable.get(nextHop) ?? connectedTo(node.forwarding.nets, nextHop) !== undefined
      reachable.set(nextHop, answer)
      return answer
    },
  }
}

/** What a switch puts into BGP itself: `network` lines whose prefix it routes, and what it redistributes. */
export function originated(node: BgpNode): readonly Path[] {
  const paths = new Map<string, Path>()
  const add = (prefix: string, origin: Path['origin'], routeMap: string | undefined) => {
    const subject = { prefix, path: localPath(prefix, origin), asn: node.bgp.asn }
    const path = applyRouteMap(routeMap, subject, node.policy)
    if (path !== undefined) paths.set(prefix, path)
  }
  const local = [...node.forwarding.routes.values()].filter(({ type }) => type === 'connected' || type === 'static')
  for (const { source, routeMap } of node.config.redistribute) {
    for (const route of local) if (route.type === source) add(route.prefix, 2, routeMap)
  }
  for (const { source, routeMap } of node.config.networks) {
    if (node.forwarding.routes.has(source)) add(source, 0, routeMap)
  }
  return [...paths.values()]
}

/** The routing table of a node with what BGP chose; a route of lower preference (connected, static) stays. */
export function withBgpRoutes(node: BgpNode, best: ReadonlyMap<string, readonly Path[]>): ReadonlyMap<string, Route> {
  const local = [...node.forwarding.routes].filter(([, route]) => route.type === 'connected' || route.type === 'static')
  const routes = new Map<string, Route>(local)
  for (const [prefix, paths] of best) {
    const route = bgpRoute(prefix, paths, node)
    const known = routes.get(prefix)
    if (route !== undefined && (known === undefined || known.preference > route.preference)) routes.set(prefix, route)
  }
  return routes
}

function bgpRoute(prefix: string, paths: readonly Path[], node: BgpNode): Route | undefined {
  const [best] = paths
  if (best === undefined || (best.source === 'local' && best.evpn === undefined)) return undefined
  const type = best.source === 'ibgp' ? 'iBGP' : 'eBGP'
  const { ebgp, ibgp } = node.bgp.distance
  const vias = paths.flatMap((path) => viaOf(path, node) ?? [])
  return { prefix, type, preference: type === 'iBGP' || best.evpn ? ibgp : ebgp, metric: 0, vias, drop: false }
}

function viaOf(path: Path, node: BgpNode): RouteVia | undefined {
  if (path.evpn !== undefined) {
    return { vtep: path.nextHop, vni: path.evpn.vni, routerMac: path.evpn.routerMac }
  }
  const out = connectedTo(node.forwarding.nets, path.nextHop)
  return out === undefined ? undefined : { nexthop: path.nextHop, interface: out.interface }
}

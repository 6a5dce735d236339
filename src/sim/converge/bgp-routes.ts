import { edgeOf, localPath } from './bgp-edges.ts'
import type { BgpEnd, BgpNode } from './bgp-session.ts'
import { connectedTo } from './local-routes.ts'
import type { Route, RouteVia } from './network-state.ts'
import { type EdgeCount, type Path, type PathTables, propagate, type Speaker } from './path-vector.ts'
import { remembered } from './remembered.ts'
import { applyRouteMap } from './route-policy.ts'

/** The paths a VRF imports from EVPN, by node. */
export type ImportedPaths = ReadonlyMap<string, readonly Path[]>

/** What IPv4 unicast came to on the islands of earlier rounds, by all that goes into it. */
export type Ipv4Memory = Map<string, PathTables>

/**
 * Runs IPv4 unicast over the sessions that are up, island by island: nodes that sessions join. An island on which
 * nothing changed since an earlier round keeps what it came to then.
 */
export function runIpv4(
  nodes: ReadonlyMap<string, BgpNode>,
  sessions: ReadonlyMap<string, readonly BgpEnd[]>,
  imported: ImportedPaths,
  memory: Ipv4Memory,
): PathTables {
  const best = new Map<string, ReadonlyMap<string, readonly Path[]>>()
  const counts = new Map<string, EdgeCount>()
  for (const island of islands(nodes, sessions)) {
    const signature = island.map((node) => nodeSignature(node, sessions, imported)).join('\n')
    const known = memory.get(signature)
    const tables = known ?? runIsland(island, sessions, imported)
    if (known === undefined) memory.set(signature, tables)
    for (const [id, paths] of tables.best) best.set(id, paths)
    for (const [id, count] of tables.counts) counts.set(id, count)
  }
  return { best, counts }
}

function runIsland(
  island: readonly BgpNode[],
  sessions: ReadonlyMap<string, readonly BgpEnd[]>,
  imported: ImportedPaths,
): PathTables {
  const ends = island.flatMap((node) => sessions.get(node.key) ?? [])
  return propagate(
    island.map((node) => speakerOf(node, imported.get(node.key) ?? [])),
    ends.flatMap((end) => edgeOf(end, 'ipv4Unicast') ?? []),
  )
}

function nodeSignature(
  node: BgpNode,
  sessions: ReadonlyMap<string, readonly BgpEnd[]>,
  imported: ImportedPaths,
): string {
  const ends = (sessions.get(node.key) ?? []).map((end) => `${end.state}${end.source}`)
  const paths = (imported.get(node.key) ?? []).map(
    (path) => `${path.key}${path.nextHop}${path.evpn?.vni}${path.asPath}`,
  )
  return `${node.key} ${ends} ${paths}`
}

function islands(
  nodes: ReadonlyMap<string, BgpNode>,
  sessions: ReadonlyMap<string, readonly BgpEnd[]>,
): readonly (readonly BgpNode[])[] {
  const seen = new Set<BgpNode>()
  const found: BgpNode[][] = []
  for (const start of nodes.values()) {
    if (seen.has(start)) continue
    const island = [start]
    seen.add(start)
    for (let at = 0; at < island.length; at += 1) {
      for (const { far } of sessions.get(island[at]?.key ?? '') ?? []) {
        if (far === undefined || seen.has(far.node)) continue
        seen.add(far.node)
        island.push(far.node)
      }
    }
    found.push(island)
  }
  return found
}

function speakerOf(node: BgpNode, imported: readonly Path[]): Speaker {
  const local = originated(node)
  const known = new Set(local.map((path) => path.key))
  return {
    id: node.key,
    local: [...local, ...imported.filter((path) => !known.has(path.key))],
    maximumPaths: node.bgp.maximumPaths,
    reaches: remembered((nextHop) => connectedTo(node.forwarding.nets, nextHop) !== undefined),
  }
}

/** What a switch puts into BGP itself: `network` lines whose prefix is connected or static, and what it redistributes. */
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
    if (local.some((route) => route.prefix === source)) add(source, 0, routeMap)
  }
  return [...paths.values()]
}

/** The routing table of a node with what BGP chose; a route of lower preference (connected, static) stays. */
export function withBgpRoutes(node: BgpNode, best: ReadonlyMap<string, readonly Path[]>): ReadonlyMap<string, Route> {
  const local = [...node.forwarding.routes].filter(([, route]) => route.type === 'connected' || route.type === 'static')
  const routes = new Map<string, Route>(local)
  const outOf = remembered((nextHop) => connectedTo(node.forwarding.nets, nextHop)?.interface ?? '')
  for (const [prefix, paths] of best) {
    const route = bgpRoute(prefix, paths, node, outOf)
    const known = routes.get(prefix)
    if (route !== undefined && (known === undefined || known.preference > route.preference)) routes.set(prefix, route)
  }
  return routes
}

function bgpRoute(
  prefix: string,
  paths: readonly Path[],
  node: BgpNode,
  outOf: (nextHop: string) => string,
): Route | undefined {
  const [best] = paths
  if (best === undefined || (best.source === 'local' && best.evpn === undefined)) return undefined
  const type = best.source === 'ibgp' ? 'iBGP' : 'eBGP'
  const { ebgp, ibgp } = node.bgp.distance
  const vias = paths.flatMap((path) => viaOf(path, outOf(path.nextHop)) ?? [])
  return { prefix, type, preference: type === 'iBGP' || best.evpn ? ibgp : ebgp, metric: 0, vias, drop: false }
}

function viaOf(path: Path, out: string): RouteVia | undefined {
  if (path.evpn !== undefined) {
    return { vtep: path.nextHop, vni: path.evpn.vni, routerMac: path.evpn.routerMac }
  }
  return out === '' ? undefined : { nexthop: path.nextHop, interface: out }
}

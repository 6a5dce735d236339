import { covers } from './address.ts'
import { type BgpNode, type BgpNodes, type BgpSessions, edgeOf, localPath } from './bgp-session.ts'
import type { FaultsAt } from './faults.ts'
import type { Route, RouteVia } from './network-state.ts'
import { connectedTo } from './ospf.ts'
import {
  type EdgeCount,
  type PathTables,
  propagate,
  type Speaker,
  type SpeakerTable,
  type VectorPath,
} from './path-vector.ts'
import type { BgpAggregate } from './read-routing.ts'
import { remembered } from './remembered.ts'
import { resolveNextHop, uniqueVias } from './resolve.ts'
import { applyRouteMap } from './route-policy.ts'

// The distance of an aggregate: a static route of 254 loses to it, one of 199 wins (docs/eos.md 7.2).
const AGGREGATE_DISTANCE = 200

function aggregated(node: BgpNode, table: SpeakerTable | undefined) {
  return node.config.aggregates.flatMap((aggregate) => {
    const better = node.forwarding.routes.get(aggregate.key)
    if (better !== undefined && better.type !== 'bgpAggregate' && better.preference < AGGREGATE_DISTANCE) return []
    const contributors = contributing(node, aggregate, table)
    const routes = node.ribd && contributors.length === 0 && hasLongerRoute(node, aggregate)
    return contributors.length > 0 || routes ? aggregatePath(node, aggregate, contributors) : []
  })
}

function contributing(node: BgpNode, { prefix, matchMap }: BgpAggregate, table: SpeakerTable | undefined) {
  const found: VectorPath[] = []
  for (const [key, [best]] of table?.best ?? []) {
    if (best === undefined || best.aggregate || !covers(prefix, key)) continue
    const subject = { prefix: key, path: best, asn: node.bgp.asn }
    if (applyRouteMap(matchMap, subject, node.policy) !== undefined) found.push(best)
  }
  return found
}

function hasLongerRoute({ forwarding }: BgpNode, { prefix }: BgpAggregate) {
  return [...forwarding.routes.values()].some((route) => route.type !== 'bgpAggregate' && covers(prefix, route.prefix))
}

function aggregatePath(node: BgpNode, aggregate: BgpAggregate, contributors: readonly VectorPath[]) {
  const origins = contributors.map(({ origin }) => origin)
  const origin = contributors.length === 0 ? 2 : origins.includes(2) ? 2 : origins.includes(1) ? 1 : 0
  const asPaths = contributors.map((path) => path.asPath)
  const asPath = aggregate.asSet ? [...new Set(asPaths.flat())] : node.ribd ? [] : commonStart(asPaths)
  const path = { ...localPath(aggregate.key, origin), asPath, aggregate: true }
  const subject = { prefix: aggregate.key, path, asn: node.bgp.asn }
  const permitted = applyRouteMap(aggregate.attributeMap, subject, node.policy)
  return permitted === undefined ? [] : [permitted]
}

function commonStart([first = [], ...others]: readonly (readonly string[])[]) {
  const end = first.findIndex((asn, at) => others.some((path) => path[at] !== asn))
  return end < 0 ? first : first.slice(0, end)
}

/** The paths a VRF imports from EVPN, by node. */
export type ImportedPaths = ReadonlyMap<string, readonly VectorPath[]>

interface Remembered {
  readonly tables: PathTables
  readonly asked: ReadonlyMap<string, ReadonlyMap<string, number | undefined>>
}

/** What IPv4 unicast came to on the islands of earlier rounds, by all that goes into it. */
export type Ipv4Memory = Map<string, Remembered>

/**
 * Runs IPv4 unicast over the sessions that are up, island by island: nodes that sessions join. An island on which
 * nothing changed since an earlier round keeps what it came to then.
 */
export function runIpv4(
  nodes: BgpNodes,
  sessions: BgpSessions,
  imported: ImportedPaths,
  memory: Ipv4Memory,
  faults: FaultsAt,
): PathTables {
  const all = new Map<string, SpeakerTable>()
  const counts = new Map<string, EdgeCount>()
  for (const island of islands(nodes, sessions)) {
    const signature = island.map((node) => nodeSignature(node, sessions, imported)).join('\n')
    const known = memory.get(signature)
    const outcome =
      known !== undefined && stillHolds(known, nodes) ? known : runIsland(island, sessions, imported, faults)
    memory.set(signature, outcome)
    for (const [id, table] of outcome.tables.tables) all.set(id, table)
    for (const [id, count] of outcome.tables.counts) counts.set(id, count)
  }
  return { tables: all, counts }
}

function stillHolds({ asked }: Remembered, nodes: BgpNodes) {
  for (const [key, answers] of asked) {
    const node = nodes.get(key)
    if (node === undefined) return false
    for (const [nextHop, cost] of answers) if (costOf(node, nextHop) !== cost) return false
  }
  return true
}

function linkTo(node: BgpNode, nextHop: string) {
  return nextHop.startsWith('fe80:') ? node.config.neighbors.get(nextHop)?.link : undefined
}

function costOf(node: BgpNode, nextHop: string) {
  if (linkTo(node, nextHop) !== undefined) return 0
  if (connectedTo(node.forwarding.nets, nextHop) !== undefined) return 0
  return resolveNextHop(node.forwarding.routes, nextHop)?.cost
}

const MAX_AGGREGATIONS = 10

function runIsland(
  island: readonly BgpNode[],
  sessions: BgpSessions,
  imported: ImportedPaths,
  faults: FaultsAt,
): Remembered {
  const ends = island.flatMap((node) => sessions.get(node.key) ?? [])
  const edges = ends.flatMap((end) => edgeOf(end, 'ipv4Unicast', faults) ?? [])
  const asked = new Map<string, Map<string, number | undefined>>()
  let aggregates: ReadonlyMap<string, readonly VectorPath[]> = new Map()
  for (let round = 1; ; round += 1) {
    const speakers = island.map((node) =>
      speakerOf(node, imported.get(node.key) ?? [], aggregates.get(node.key) ?? [], asked),
    )
    const tables = propagate(speakers, edges)
    const next = new Map(island.map((node) => [node.key, aggregated(node, tables.tables.get(node.key))]))
    if (round === MAX_AGGREGATIONS || sameAggregates(aggregates, next)) return { tables, asked }
    aggregates = next
  }
}

function sameAggregates(
  before: ReadonlyMap<string, readonly VectorPath[]>,
  after: ReadonlyMap<string, readonly VectorPath[]>,
) {
  const text = (paths: readonly VectorPath[] = []) =>
    paths.map((path) => `${path.key} ${path.origin} ${path.asPath}`).join()
  return [...after].every(([key, paths]) => text(paths) === text(before.get(key)))
}

function nodeSignature(node: BgpNode, sessions: BgpSessions, imported: ImportedPaths) {
  const ends = (sessions.get(node.key) ?? []).map((end) => `${end.state}${end.source}`)
  const paths = (imported.get(node.key) ?? []).map(
    ({ key, nextHop, evpn, localPref, asPath }) =>
      `${key}${nextHop}${evpn?.vni}${evpn?.routerMac}${localPref} ${asPath}`,
  )
  return `${node.key} ${ends} ${paths}`
}

function islands(nodes: BgpNodes, sessions: BgpSessions) {
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

function speakerOf(
  node: BgpNode,
  imported: readonly VectorPath[],
  aggregates: readonly VectorPath[],
  asked: Map<string, Map<string, number | undefined>>,
): Speaker {
  const answers = asked.get(node.key) ?? new Map<string, number | undefined>()
  asked.set(node.key, answers)
  const cost = remembered((nextHop) => {
    const answer = costOf(node, nextHop)
    if (answer !== 0 || connectedTo(node.forwarding.nets, nextHop) === undefined) answers.set(nextHop, answer)
    return answer
  })
  return {
    id: node.key,
    local: [...originated(node), ...aggregates, ...imported],
    maximumPaths: node.config.maximumPaths,
    localFirst: node.ribd,
    cost: (nextHop) => (nextHop === '' ? 0 : cost(nextHop)),
  }
}

/**
 * What a switch puts into BGP itself: `network` lines whose prefix it has a route for, and what it redistributes. Connected
 * routes are of origin IGP (lab-validation).
 */
export function originated(node: BgpNode): readonly VectorPath[] {
  const paths = new Map<string, VectorPath>()
  const add = (prefix: string, origin: VectorPath['origin'], routeMap: string | undefined) => {
    const subject = { prefix, path: localPath(prefix, origin), asn: node.bgp.asn }
    const path = applyRouteMap(routeMap, subject, node.policy)
    if (path !== undefined) paths.set(prefix, path)
  }
  const local = [...node.forwarding.routes.values()].filter(({ type }) => !isBgp(type))
  for (const { source, routeMap } of node.config.redistribute) {
    const origin = source === 'connected' ? 0 : 2
    for (const route of local) if (protocolOf(route) === source) add(route.prefix, origin, routeMap)
  }
  for (const { source, routeMap } of node.config.networks) {
    if (local.some((route) => route.prefix === source)) add(source, 0, routeMap)
  }
  return [...paths.values()]
}

/** The routing table of a node with what BGP chose; a route of lower preference (connected, static) stays. */
export function withBgpRoutes(
  node: BgpNode,
  best: ReadonlyMap<string, readonly VectorPath[]>,
): ReadonlyMap<string, Route> {
  const local = [...node.forwarding.routes].filter(([, route]) => !isBgp(route.type))
  const routes = new Map<string, Route>(local)
  const outOf = remembered((nextHop) => waysTo(node, nextHop))
  for (const [prefix, paths] of best) {
    const route = bgpRoute(prefix, paths, node, outOf)
    const known = routes.get(prefix)
    if (route !== undefined && (known === undefined || known.preference > route.preference)) routes.set(prefix, route)
  }
  return routes
}

function isBgp(type: Route['type']) {
  return type === 'eBGP' || type === 'iBGP' || type === 'bgpAggregate'
}

function protocolOf({ type }: Route) {
  return /^(ospf|isis)/.exec(type.toLowerCase())?.[1] ?? type
}

function waysTo(node: BgpNode, nextHop: string) {
  const link = linkTo(node, nextHop)
  if (link !== undefined) return [{ nexthop: link.peer, interface: link.interface }]
  const net = connectedTo(node.forwarding.nets, nextHop)
  if (net !== undefined) return [{ nexthop: nextHop, interface: net.interface }]
  return resolveNextHop(node.forwarding.routes, nextHop)?.vias ?? []
}

function bgpRoute(
  prefix: string,
  paths: readonly VectorPath[],
  node: BgpNode,
  outOf: (nextHop: string) => readonly RouteVia[],
): Route | undefined {
  const [best] = paths
  if (best === undefined) return undefined
  if (best.aggregate) return aggregateRoute(prefix, node)
  if (best.source === 'local' && best.evpn === undefined) return undefined
  const type = best.source === 'ibgp' ? 'iBGP' : 'eBGP'
  const { ebgp, ibgp } = node.bgp.distance
  const vias = uniqueVias(paths.flatMap((path) => viasOf(path, outOf)))
  const internal = type === 'iBGP' || (best.evpn !== undefined && !node.externalEvpn)
  return { prefix, type, preference: internal ? ibgp : ebgp, metric: best.med, vias, drop: false }
}

// An aggregate goes to Null0, unless it is only announced.
function aggregateRoute(prefix: string, { config }: BgpNode): Route | undefined {
  if (config.aggregates.some((aggregate) => aggregate.key === prefix && aggregate.advertiseOnly)) return undefined
  return { prefix, type: 'bgpAggregate', preference: AGGREGATE_DISTANCE, metric: 0, vias: [], drop: true }
}

function viasOf(path: VectorPath, outOf: (nextHop: string) => readonly RouteVia[]) {
  if (path.evpn !== undefined) {
    return [{ vtep: path.nextHop, vni: path.evpn.vni, routerMac: path.evpn.routerMac }]
  }
  return outOf(path.nextHop)
}

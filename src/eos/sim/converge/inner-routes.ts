import { networkOf } from './address.ts'
import { localPath } from './bgp-session.ts'
import type { Route, RouteVia } from './network-state.ts'
import { connectedTo, type ForwardingNode, type ForwardingNodes, type OspfAdjacency, type OspfNode } from './ospf.ts'
import type { SwitchModel } from './read-interfaces.ts'
import type { PolicyConfig } from './read-policy.ts'
import type { StaticRoute } from './read-routing.ts'
import { resolveNextHop, uniqueVias } from './resolve.ts'
import { applyRouteMap } from './route-policy.ts'

// What an external route costs unless a route-map says so (lab-validation, redistributed from BGP).
const EXTERNAL_METRIC = 1

interface Reached {
  readonly cost: number
  readonly vias: readonly RouteVia[]
}

interface External {
  readonly prefix: string
  readonly metric: number
  readonly from: string
}

// The routes that IS-IS brings each of its routers, by VRF key: those of each level.
function isisRoutes(nodes: ReadonlyMap<string, OspfNode>): ReadonlyMap<string, ReadonlyMap<string, Route>> {
  return new Map(
    [...nodes.values()].map((node) => {
      const routes = new Map<string, Route>()
      for (const [level, type] of LEVELS) addStubs(node, shortest(node, nodes, level), nodes, level, type, routes)
      return [node.key, routes]
    }),
  )
}

const LEVELS = [
  ['level-1', 'isisLevel1'],
  ['level-2', 'isisLevel2'],
] as const

// The routes that OSPF brings each of its routers, by VRF key.
function ospfRoutes(
  nodes: ReadonlyMap<string, OspfNode>,
  forwarding: ForwardingNodes,
  policies: ReadonlyMap<string, PolicyConfig>,
): ReadonlyMap<string, ReadonlyMap<string, Route>> {
  const externals = [...nodes.values()].flatMap((node) => externalsOf(node, forwarding, policies.get(node.device)))
  return new Map([...nodes.values()].map((node) => [node.key, routesOf(node, nodes, externals)]))
}

function routesOf(
  node: OspfNode,
  nodes: ReadonlyMap<string, OspfNode>,
  externals: readonly External[],
): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>()
  const areas = [...new Set(node.ports.map(({ area }) => area))]
  for (const area of areas) addStubs(node, shortest(node, nodes, area), nodes, area, 'OSPF', routes)
  const everywhere = shortest(node, nodes, undefined)
  addStubs(node, everywhere, nodes, undefined, 'ospfInterArea', routes)
  for (const { prefix, metric, from } of externals) {
    const reached = everywhere.get(from)
    if (reached !== undefined && from !== node.key) {
      offer(routes, { ...route(prefix, 'ospfExternalType2', metric, reached.vias, node), drop: false })
    }
  }
  return routes
}

function shortest(
  from: OspfNode,
  nodes: ReadonlyMap<string, OspfNode>,
  area: string | undefined,
): ReadonlyMap<string, Reached> {
  const done = new Map<string, Reached>()
  const open = new Map<string, Reached>([[from.key, { cost: 0, vias: [] }]])
  while (open.size > 0) {
    const [key, reached] = nearest(open)
    open.delete(key)
    done.set(key, reached)
    for (const link of nodes.get(key)?.adjacencies ?? []) {
      if (done.has(link.far) || (area !== undefined && link.mine.area !== area)) continue
      const vias = key === from.key ? [viaOf(link)] : reached.vias
      open.set(link.far, better(open.get(link.far), { cost: reached.cost + link.mine.cost, vias }))
    }
  }
  return done
}

function nearest(open: ReadonlyMap<string, Reached>) {
  return [...open].reduce((best, entry) => (entry[1].cost < best[1].cost ? entry : best))
}

function better(known: Reached | undefined, found: Reached) {
  if (known === undefined || found.cost < known.cost) return found
  if (found.cost > known.cost) return known
  return { cost: known.cost, vias: uniqueVias([...known.vias, ...found.vias]) }
}

function viaOf({ address, mine }: OspfAdjacency): RouteVia {
  return { nexthop: address, interface: mine.port.name }
}

function addStubs(
  node: OspfNode,
  reached: ReadonlyMap<string, Reached>,
  nodes: ReadonlyMap<string, OspfNode>,
  area: string | undefined,
  type: Route['type'],
  routes: Map<string, Route>,
) {
  for (const [key, { cost, vias }] of reached) {
    if (key === node.key) continue
    for (const port of nodes.get(key)?.ports ?? []) {
      if ((area !== undefined && port.area !== area) || port.port.addresses.unnumbered !== undefined) continue
      if (port.untold === true) continue
      const { address, maskLen } = port.port.addresses.primary ?? { address: '', maskLen: 32 }
      const prefix = networkOf(address, maskLen)
      const ways = vias.map((via) => direct(prefix, via, node))
      offer(routes, route(prefix, type, cost + port.cost, ways, node))
    }
  }
}

function direct(prefix: string, via: RouteVia, { ports }: OspfNode) {
  const out = ports.find(({ port }) => port.name === via.interface)?.port
  const borrowed = out?.addresses.unnumbered !== undefined && prefix === `${via.nexthop}/32`
  return borrowed ? { interface: out.name } : via
}

function route(prefix: string, type: Route['type'], metric: number, vias: readonly RouteVia[], node: OspfNode): Route {
  return { prefix, type, preference: node.config.distance, metric, vias, drop: false }
}

const RANK: readonly Route['type'][] = [
  'OSPF',
  'ospfInterArea',
  'ospfExternalType1',
  'ospfExternalType2',
  'isisLevel1',
  'isisLevel2',
]

function offer(routes: Map<string, Route>, found: Route) {
  const known = routes.get(found.prefix)
  const rank = known === undefined ? 1 : RANK.indexOf(known.type) - RANK.indexOf(found.type)
  const closer = rank !== 0 ? rank : (known?.metric ?? 0) - found.metric
  if (closer > 0) routes.set(found.prefix, found)
  else if (closer === 0 && known !== undefined) {
    routes.set(found.prefix, { ...known, vias: uniqueVias([...known.vias, ...found.vias]) })
  }
}

function externalsOf(
  node: OspfNode,
  forwarding: ForwardingNodes,
  policy: PolicyConfig | undefined,
): readonly External[] {
  const table = forwarding.get(node.key)?.routes ?? new Map<string, Route>()
  const found = policy === undefined ? [] : redistributed(node, table, policy)
  return announcesDefault(node, table.get('0.0.0.0/0'))
    ? [...found, { prefix: '0.0.0.0/0', metric: EXTERNAL_METRIC, from: node.key }]
    : found
}

function redistributed(node: OspfNode, table: ReadonlyMap<string, Route>, policy: PolicyConfig): readonly External[] {
  return node.config.redistribute.flatMap(({ source, routeMap }) =>
    [...table.values()]
      .filter(({ type }) => SOURCES[source]?.includes(type))
      .flatMap(({ prefix }) => {
        const path = applyRouteMap(routeMap, { prefix, path: localPath(prefix, 2), asn: '' }, policy)
        return path === undefined ? [] : [{ prefix, metric: path.med || EXTERNAL_METRIC, from: node.key }]
      }),
  )
}

function announcesDefault({ config }: OspfNode, own: Route | undefined) {
  if (config.defaultOriginate !== 'known') return config.defaultOriginate === 'always'
  return own !== undefined && !RANK.includes(own.type)
}

const SOURCES: Readonly<Record<string, readonly Route['type'][]>> = {
  connected: ['connected'],
  static: ['static'],
  bgp: ['eBGP', 'iBGP', 'bgpAggregate'],
}

/** What the routes below BGP are computed from. */
export interface InnerGround {
  readonly models: ReadonlyMap<string, SwitchModel>
  /** Every switch in every VRF with its connected routes and the static ones over them. */
  readonly forwarding: ForwardingNodes
  readonly ospf: ReadonlyMap<string, OspfNode>
  /** The IS-IS processes, as the link-state routers that they are. */
  readonly isis: ReadonlyMap<string, OspfNode>
}

/** Computes the routing tables below BGP anew, given what the tables came to in the last round. */
export type InnerRoutes = (before: ForwardingNodes) => ForwardingNodes

/**
 * The routes of OSPF and IS-IS, and the static ones whose next hop lies behind another route. Where there are neither, the tables stay
 * as they were.
 */
export function innerRoutes({ models, forwarding, ospf, isis }: InnerGround): InnerRoutes {
  const recursive = new Map([...forwarding].map(([key, node]) => [key, recursiveStatics(node, models)]))
  const still = ospf.size === 0 && isis.size === 0 && [...recursive.values()].every((lines) => lines.length === 0)
  if (still) return (before) => before
  const byIsis = isisRoutes(isis)
  const policies = new Map([...models].map(([name, { policy }]) => [name, policy]))
  return (before) => {
    const learned = ospfRoutes(ospf, before, policies)
    return new Map(
      [...before].map(([key, node]) => {
        const own = forwarding.get(key)
        const inside = [...(learned.get(key)?.values() ?? []), ...(byIsis.get(key)?.values() ?? [])]
        const found = [...inside, ...behind(recursive.get(key) ?? [], node)]
        return [key, { ...node, routes: merged(own?.routes ?? new Map(), found, node.routes) }]
      }),
    )
  }
}

function recursiveStatics(node: ForwardingNode, models: ReadonlyMap<string, SwitchModel>) {
  const lines = models.get(node.device)?.routing.statics ?? []
  return lines.filter(
    ({ vrf, nexthop, interface: name }) =>
      vrf === node.vrf && name === undefined && nexthop !== undefined && connectedTo(node.nets, nexthop) === undefined,
  )
}

function behind(lines: readonly StaticRoute[], node: ForwardingNode): readonly Route[] {
  return lines.flatMap(({ prefix, nexthop = '', distance }) => {
    const found = resolveNextHop(node.routes, nexthop, prefix)
    if (found === undefined) return []
    return [{ prefix, type: 'static', preference: distance, metric: 0, vias: found.vias, drop: false }]
  })
}

function merged(
  own: ReadonlyMap<string, Route>,
  found: readonly Route[],
  before: ReadonlyMap<string, Route>,
): ReadonlyMap<string, Route> {
  const routes = new Map(own)
  const bgp = [...before.values()].filter(({ type }) => type === 'eBGP' || type === 'iBGP' || type === 'bgpAggregate')
  for (const route of [...found, ...bgp]) {
    const known = routes.get(route.prefix)
    if (known === undefined || known.preference > route.preference) routes.set(route.prefix, route)
  }
  return routes
}

import { ipv4, masked, parsePrefix } from './address.ts'
import type { Route, RouteVia } from './network-state.ts'

/** The longest route for an address in numbers. */
export type LongestMatch = (address: number) => Route | undefined

const matchers = new WeakMap<ReadonlyMap<string, Route>, LongestMatch>()

/** The longest match of a routing table; a table that does not change is prepared once. */
export function longestMatch(routes: ReadonlyMap<string, Route>): LongestMatch {
  const known = matchers.get(routes)
  if (known !== undefined) return known
  const made = prepare(routes)
  matchers.set(routes, made)
  return made
}

function prepare(routes: ReadonlyMap<string, Route>): LongestMatch {
  const byLength = new Map<number, Map<number, Route>>()
  for (const route of routes.values()) {
    const prefix = parsePrefix(route.prefix)
    if (prefix === undefined) continue
    const table = byLength.get(prefix.maskLen) ?? new Map<number, Route>()
    byLength.set(prefix.maskLen, table)
    table.set(prefix.network, route)
  }
  const lengths = [...byLength.keys()].sort((a, b) => b - a)
  return (address) => {
    for (const length of lengths) {
      const route = byLength.get(length)?.get(masked(address, length))
      if (route !== undefined) return route
    }
    return undefined
  }
}

/** How a next hop is reached: over which neighbours, and at which cost of the routing protocol inside. */
export interface Resolution {
  readonly vias: readonly RouteVia[]
  readonly cost: number
}

/**
 * Resolves a next hop over a routing table whose routes are resolved themselves, so one step is enough. A default route
 * and a route to Null0 resolve nothing, nor does a route itself (`for`).
 */
export function resolveNextHop(
  routes: ReadonlyMap<string, Route>,
  nextHop: string,
  own?: string,
): Resolution | undefined {
  const address = ipv4(nextHop)
  const route = address === undefined ? undefined : longestMatch(routes)(address)
  if (route === undefined || route.drop || route.prefix === own || route.prefix === '0.0.0.0/0') return undefined
  if (route.type === 'connected') {
    return { vias: route.vias.map((via) => ({ nexthop: nextHop, ...via })).slice(0, 1), cost: 0 }
  }
  const vias = route.vias.map((via) =>
    via.nexthop === undefined && via.vtep === undefined ? { ...via, nexthop: nextHop } : via,
  )
  return vias.length === 0 ? undefined : { vias, cost: igpCost(route) }
}

export function uniqueVias(vias: readonly RouteVia[]): readonly RouteVia[] {
  if (vias.length < 2) return vias
  return [
    ...new Map(
      vias.map((via) => [`${via.nexthop}${via.interface}${via.vtep}${via.vni}${via.routerMac}`, via]),
    ).values(),
  ]
}

/** What the protocol inside counts for a route: the metric of OSPF and IS-IS, nothing for all others. */
export function igpCost(route: Route): number {
  return /^(ospf|isis)/i.test(route.type) ? route.metric : 0
}

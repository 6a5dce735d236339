import { definedMembers } from '../../../../model/json.ts'
import { ipv4, masked, parsePrefix } from '../../converge/address.ts'
import type { Route } from '../../converge/network-state.ts'
import { longestMatch } from '../../converge/resolve.ts'
import { refuseUnknownVrf, type ShowArguments, type ShowContext, selectedVrfs } from './define.ts'

export type RouteTable = ReadonlyMap<string, Route>

/** Routes in the order EOS prints: by network, and a prefix behind the longer ones it covers (lab-validation). */
export function sortedRoutes(routes: Iterable<Route>): readonly Route[] {
  return [...routes].sort((a, b) => comparePrefixes(a.prefix, b.prefix))
}

/** Orders prefixes: by network, and one behind the longer ones it covers (lab-validation). */
export function comparePrefixes(a: string, b: string): number {
  const left = parsePrefix(a)
  const right = parsePrefix(b)
  if (left === undefined || right === undefined) return a < b ? -1 : Number(a > b)
  const common = Math.min(left.maskLen, right.maskLen)
  if (masked(left.network, common) === masked(right.network, common)) return right.maskLen - left.maskLen
  return left.network - right.network
}

interface RouteFilter {
  readonly route?: string
  readonly longer: boolean
  readonly source?: string
}

function readFilter(args: ShowArguments): RouteFilter | undefined {
  const words = args.filter?.split(' ') ?? []
  const known = (word: string) => word in ROUTE_SOURCES || word === 'longer-prefixes' || word === 'detail'
  const [first] = words
  const route = first === undefined || known(first) ? undefined : first
  const rest = route === undefined ? words : words.slice(1)
  if (!rest.every(known) || (route !== undefined && ipv4(route.split('/')[0] ?? '') === undefined)) return undefined
  const source = rest.find((word) => word in ROUTE_SOURCES)
  return {
    ...definedMembers({ route }),
    longer: rest.includes('longer-prefixes'),
    ...definedMembers({ source }),
  }
}

/** The refusal of `show ip route` with words it does not know. */
export function refuseRouteFilter(context: ShowContext, args: ShowArguments): string | undefined {
  return readFilter(args) === undefined ? 'Invalid input' : refuseUnknownVrf(context, args)
}

/** The routes that the arguments of `show ip route` select, by VRF. */
export function selectedRoutes(
  context: ShowContext,
  args: ShowArguments,
): readonly (readonly [string, readonly Route[]])[] {
  const { route, longer, source } = readFilter(args) ?? { longer: false }
  const kinds = source === undefined ? undefined : ROUTE_SOURCES[source]
  return selectedVrfs(context.state.routes, args).map(([vrf, routes]) => {
    const found = route === undefined ? [...routes.values()] : matching(routes, route, longer)
    return [vrf, sortedRoutes(found.filter(({ type }) => kinds === undefined || kinds.includes(type)))]
  })
}

/** The source words of `show ip route` and what they select. */
export const ROUTE_SOURCES: Readonly<Record<string, readonly Route['type'][]>> = {
  bgp: ['eBGP', 'iBGP', 'bgpAggregate'],
  connected: ['connected'],
  static: ['static'],
  isis: ['isisLevel1', 'isisLevel2'],
  ospf: ['OSPF', 'ospfInterArea', 'ospfExternalType1', 'ospfExternalType2'],
  aggregate: ['bgpAggregate'],
}

function matching(routes: RouteTable, typed: string, longer: boolean) {
  if (longer) return [...routes.values()].filter(({ prefix }) => within(prefix, typed))
  const exact = routes.get(typed)
  if (typed.includes('/')) return exact === undefined ? [] : [exact]
  const address = ipv4(typed)
  const found = address === undefined ? undefined : longestMatch(routes)(address)
  return found === undefined ? [] : [found]
}

function within(prefix: string, outer: string) {
  const [inside, around] = [parsePrefix(prefix), parsePrefix(outer)]
  if (inside === undefined || around === undefined || inside.maskLen < around.maskLen) return false
  return masked(inside.network, around.maskLen) === around.network
}

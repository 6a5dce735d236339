import type { JsonObject } from '../../../../model/json.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import type { Route, RouteVia } from '../../converge/routing-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { refuseRouteFilter, selectedRoutes } from '../format/route-table.ts'

/** `routeLeaked` is recorded from 4.22 on (docs/eos.md 7.1). */
const ROUTE_LEAKED_SINCE = '4.22'
const CONNECTED_COSTS_SINCE = '4.36'
/** From here on the text knows gRIBI, and says so where a VRF does not route (avd-lab). */
const WORDS_SINCE = '4.26'
/** From here on the letter B alone is of other routes of BGP: 4.27.0F has the older lines (avd-lab), 4.27.2F these (ceos-lab). */
const OTHER_BGP_SINCE = '4.27.2'

/** `show ip route`: all of it, one source, one prefix with or without those within it, the longest match of an address. */
export const showIpRoute = defineShow({
  words: 'show ip route [vrf <vrf>] [<filter...>]',
  docs: 'Routing tables; suzieq (JSON of 4.23), lab-validation (4.18 to 4.36, text of 4.23).',
  refuse: refuseRouteFilter,
  json: routesJson,
  text: routesText,
})

function routesJson(context: ShowContext, args: ShowArguments): JsonObject {
  const vrfs = selectedRoutes(context, args).map(([vrf, routes]) => [vrf, tableJson(vrf, routes, context)] as const)
  return { vrfs: Object.fromEntries(vrfs) }
}

function routesText(context: ShowContext, args: ShowArguments): string {
  return selectedRoutes(context, args)
    .map(([vrf, routes]) => tableText(vrf, routes, context, args.filter === undefined))
    .join('')
}

function tableJson(vrf: string, routes: readonly Route[], context: ShowContext): JsonObject {
  const gateway = context.state.routes.get(vrf)?.get('0.0.0.0/0')
  return {
    routingDisabled: context.state.vrfs.get(vrf)?.ipv4Routing === false,
    allRoutesProgrammedHardware: true,
    allRoutesProgrammedKernel: true,
    defaultRouteState: gateway === undefined ? 'notSet' : 'reachable',
    routes: Object.fromEntries(routes.map((route) => [route.prefix, routeJson(route, vrf, context)] as const)),
  }
}

/**
 * Connected routes and those to Null0 have no metric and no preference, but the connected ones of a VRF of 4.36 that routes
 * over interfaces with IPv6 alone (docs/eos.md 7.2).
 */
function routeJson(route: Route, vrf: string, { facts, state }: ShowContext): JsonObject {
  const hasNeighbors = (state.bgp.get(vrf)?.peers.size ?? 0) > 0
  const overIpv6 = state.vrfs.get(vrf)?.ipv4OverIpv6 === true && eosAtLeast(facts.eos, CONNECTED_COSTS_SINCE)
  const connected = isDirect(route)
  const costs = route.type === 'connected' ? overIpv6 : !connected
  return {
    hardwareProgrammed: true,
    routeType: route.type,
    ...(eosAtLeast(facts.eos, ROUTE_LEAKED_SINCE) ? { routeLeaked: false } : {}),
    kernelProgrammed: true,
    ...(costs ? { preference: route.preference, metric: route.metric } : {}),
    routeAction: route.drop ? 'drop' : 'forward',
    directlyConnected: connected,
    vias: route.vias.map((via) => viaJson(via, hasNeighbors)),
  }
}

/** What needs no next hop: a connected subnet, Null0, a port, and the neighbour of an unnumbered one (docs/eos.md 7.2). */
function isDirect({ type, drop, vias }: Route): boolean {
  const direct = /^(static|OSPF|isis)/.test(type) && vias.every(({ nexthop }) => nexthop === undefined)
  return type === 'connected' || drop || direct
}

/** A way over VXLAN has an empty next hop in a VRF that has BGP neighbors, and none in others (docs/eos.md 7.2). */
function viaJson(via: RouteVia, hasNeighbors: boolean): JsonObject {
  if (via.vtep !== undefined) {
    return {
      vtepAddr: via.vtep,
      ...(hasNeighbors ? { nexthopAddr: '' } : {}),
      routerMac: via.routerMac ?? '',
      vni: via.vni ?? 0,
    }
  }
  return {
    ...(via.nexthop === undefined ? {} : { nexthopAddr: via.nexthop }),
    ...(via.interface === undefined ? {} : { interface: via.interface }),
  }
}

const CODES_BEFORE = [
  'Codes: C - connected, S - static, K - kernel, ',
  '       O - OSPF, IA - OSPF inter area, E1 - OSPF external type 1,',
  '       E2 - OSPF external type 2, N1 - OSPF NSSA external type 1,',
] as const

const OLDER_CODES = [
  '       N2 - OSPF NSSA external type2, B - BGP, B I - iBGP, B E - eBGP,',
  '       R - RIP, I L1 - IS-IS level 1, I L2 - IS-IS level 2,',
  '       O3 - OSPFv3, A B - BGP Aggregate, A O - OSPF Summary,',
  '       NG - Nexthop Group Static Route, V - VXLAN Control Service,',
  '       DH - DHCP client installed default route, M - Martian,',
] as const

const CODES = [
  '       N2 - OSPF NSSA external type2, B - Other BGP Routes,',
  '       B I - iBGP, B E - eBGP, R - RIP, I L1 - IS-IS level 1,',
  '       I L2 - IS-IS level 2, O3 - OSPFv3, A B - BGP Aggregate,',
  '       A O - OSPF Summary, NG - Nexthop Group Static Route,',
  '       V - VXLAN Control Service, M - Martian,',
  '       DH - DHCP client installed default route,',
] as const

const LAST_CODE = '       DP - Dynamic Policy Route, L - VRF Leaked'

function codeLines(eos: string): readonly string[] {
  return [...CODES_BEFORE, ...(eosAtLeast(eos, OTHER_BGP_SINCE) ? CODES : OLDER_CODES), ...lastCodes(eos)]
}

/** 4.24 has the cache and no gRIBI (recorded). */
function lastCodes(eos: string): readonly string[] {
  if (eosAtLeast(eos, WORDS_SINCE)) return [`${LAST_CODE},`, '       G  - gRIBI, RC - Route Cache Route']
  return eosAtLeast(eos, '4.24') ? [`${LAST_CODE},`, '       RC - Route Cache Route'] : [LAST_CODE]
}

const LETTER: Readonly<Record<Route['type'], string>> = {
  connected: 'C',
  static: 'S',
  eBGP: 'B E',
  iBGP: 'B I',
  bgpAggregate: 'A B',
  OSPF: 'O',
  ospfInterArea: 'O IA',
  ospfExternalType1: 'O E1',
  ospfExternalType2: 'O E2',
  isisLevel1: 'I L1',
  isisLevel2: 'I L2',
}

/** The gateway is named above all routes, not above those of one source or prefix (ntc, course). */
function tableText(
  vrf: string,
  routes: readonly Route[],
  { facts, running, state }: ShowContext,
  isWhole: boolean,
): string {
  const isNew = eosAtLeast(facts.eos, WORDS_SINCE)
  const isRouting = state.vrfs.get(vrf)?.ipv4Routing !== false
  const gateway = routes.find(({ prefix }) => prefix === '0.0.0.0/0')
  const rest = isWhole ? routes.filter((route) => route !== gateway) : routes
  const lines = [
    `VRF: ${vrf}`,
    ...codeLines(facts.eos),
    '',
    ...(isWhole ? [...gatewayLines(vrf, gateway, running), ''] : []),
    ...rest.flatMap(routeLines),
    '',
    ...(isNew && !isRouting ? ['! IP routing not enabled', ''] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** A default route that is configured and whose next hop is in no subnet is not reachable (ceos-lab). */
function gatewayLines(vrf: string, gateway: Route | undefined, running: ConfigTree): readonly string[] {
  if (gateway !== undefined) return ['Gateway of last resort:', ...routeLines(gateway)]
  const named = vrf === 'default' ? 'ip route' : `ip route vrf ${vrf}`
  const isConfigured = running.children.some(({ line }) => line.startsWith(`${named} 0.0.0.0/0 `))
  return [`Gateway of last resort is not ${isConfigured ? 'reachable' : 'set'}`]
}

function routeLines(route: Route): readonly string[] {
  const head = ` ${LETTER[route.type].padEnd(8)} ${route.prefix} `
  if (route.drop) return [`${head}is directly connected, Null0`]
  if (isDirect(route)) return [`${head}is directly connected, ${route.vias[0]?.interface ?? ''}`]
  const cost = `[${route.preference}/${route.metric}] `
  return route.vias.map((via, at) => (at === 0 ? head + cost : ' '.repeat(head.length + cost.length)) + viaWords(via))
}

function viaWords(via: RouteVia): string {
  if (via.vtep !== undefined) {
    return `via VTEP ${via.vtep} VNI ${via.vni} router-mac ${via.routerMac} local-interface Vxlan1`
  }
  return via.nexthop === undefined ? `is directly connected, ${via.interface}` : `via ${via.nexthop}, ${via.interface}`
}

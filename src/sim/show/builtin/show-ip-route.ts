import type { JsonObject } from '../../../model/json.ts'
import { compareAddresses } from '../../converge/address.ts'
import type { Route, RouteVia } from '../../converge/network-state.ts'
import { eosAtLeast } from '../../eos-version.ts'
import { defineShow, type ShowContext } from '../define.ts'
import { refuseUnknownVrf, selectedVrfs } from '../selection.ts'

/** `routeLeaked` is recorded from 4.22 on (simulator-facts 1). */
const ROUTE_LEAKED_SINCE = '4.22'

/** `show ip route`. */
export const showIpRoute = defineShow({
  words: 'show ip route [vrf <vrf>]',
  docs: 'Routing tables; eos-samples show_ip_route_vrf_all_4.23 (JSON), device snapshots (4.23 text).',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: Object.fromEntries(
      selectedVrfs(context.state.routes, args).map(([vrf, routes]) => [vrf, tableJson(vrf, routes, context)] as const),
    ),
  }),
  text: (context, args) =>
    selectedVrfs(context.state.routes, args)
      .map(([vrf, routes]) => tableText(vrf, sorted(routes)))
      .join(''),
})

/** `show ip route summary`: totals by source and by mask length. Only the outer shape is recorded. */
export const showIpRouteSummary = defineShow({
  words: 'show ip route [vrf <vrf>] summary',
  docs: 'How many routes of which kind; eos-samples show_ip_route_summary_min (JSON, revision 3).',
  refuse: refuseUnknownVrf,
  json: (context, args) => {
    const model = protocolModel(context)
    return {
      vrfs: Object.fromEntries(
        selectedVrfs(context.state.routes, args).map(([vrf, routes]) => [vrf, summaryJson(routes)] as const),
      ),
      protoModelStatus: { configuredProtoModel: model, operatingProtoModel: model },
    }
  },
  text: (context, args) =>
    selectedVrfs(context.state.routes, args)
      .map(([vrf, routes]) => summaryText(vrf, routes, protocolModel(context)))
      .join('\n'),
})

type Table = ReadonlyMap<string, Route>

function sorted(routes: Table): readonly Route[] {
  return [...routes.values()].sort((a, b) => {
    const [left = '', leftMask = ''] = a.prefix.split('/')
    const [right = '', rightMask = ''] = b.prefix.split('/')
    return compareAddresses(left, right) || Number(leftMask) - Number(rightMask)
  })
}

function tableJson(vrf: string, routes: Table, context: ShowContext): JsonObject {
  return {
    routingDisabled: context.state.vrfs.get(vrf)?.ipv4Routing === false,
    allRoutesProgrammedHardware: true,
    allRoutesProgrammedKernel: true,
    defaultRouteState: routes.has('0.0.0.0/0') ? 'reachable' : 'notSet',
    routes: Object.fromEntries(sorted(routes).map((route) => [route.prefix, routeJson(route, context)] as const)),
  }
}

/** Connected routes and those to Null0 have no metric and no preference (simulator-facts 1). */
function routeJson(route: Route, { facts }: ShowContext): JsonObject {
  const connected = route.type === 'connected' || route.drop
  return {
    hardwareProgrammed: true,
    routeType: route.type,
    ...(eosAtLeast(facts.eos, ROUTE_LEAKED_SINCE) ? { routeLeaked: false } : {}),
    kernelProgrammed: true,
    ...(connected ? {} : { preference: route.preference, metric: route.metric }),
    routeAction: route.drop ? 'drop' : 'forward',
    directlyConnected: connected,
    vias: route.vias.map(viaJson),
  }
}

function viaJson(via: RouteVia): JsonObject {
  if (via.vtep !== undefined) {
    return { vtepAddr: via.vtep, nexthopAddr: '', routerMac: via.routerMac ?? '', vni: via.vni ?? 0 }
  }
  return {
    ...(via.nexthop === undefined ? {} : { nexthopAddr: via.nexthop }),
    ...(via.interface === undefined ? {} : { interface: via.interface }),
  }
}

const CODES = [
  'Codes: C - connected, S - static, K - kernel, ',
  '       O - OSPF, IA - OSPF inter area, E1 - OSPF external type 1,',
  '       E2 - OSPF external type 2, N1 - OSPF NSSA external type 1,',
  '       N2 - OSPF NSSA external type2, B - BGP, B I - iBGP, B E - eBGP,',
  '       R - RIP, I L1 - IS-IS level 1, I L2 - IS-IS level 2,',
  '       O3 - OSPFv3, A B - BGP Aggregate, A O - OSPF Summary,',
  '       NG - Nexthop Group Static Route, V - VXLAN Control Service,',
  '       DH - DHCP client installed default route, M - Martian,',
  '       DP - Dynamic Policy Route, L - VRF Leaked',
] as const

const LETTER: Readonly<Record<Route['type'], string>> = { connected: 'C', static: 'S', eBGP: 'B E', iBGP: 'B I' }

function tableText(vrf: string, routes: readonly Route[]): string {
  const gateway = routes.find(({ prefix }) => prefix === '0.0.0.0/0')
  const rest = routes.filter((route) => route !== gateway)
  const lines = [
    `VRF: ${vrf}`,
    ...CODES,
    '',
    ...(gateway === undefined
      ? ['Gateway of last resort is not set']
      : ['Gateway of last resort:', ...routeLines(gateway)]),
    '',
    ...rest.flatMap(routeLines),
    '',
  ]
  return `${lines.join('\n')}\n`
}

function routeLines(route: Route): readonly string[] {
  const head = ` ${LETTER[route.type].padEnd(8)} ${route.prefix} `
  if (route.drop) return [`${head}is directly connected, Null0`]
  if (route.type === 'connected') return [`${head}is directly connected, ${route.vias[0]?.interface ?? ''}`]
  const cost = `[${route.preference}/${route.metric}] `
  return route.vias.map((via, at) => (at === 0 ? head + cost : ' '.repeat(head.length + cost.length)) + viaWords(via))
}

function viaWords(via: RouteVia): string {
  if (via.vtep !== undefined) {
    return `via VTEP ${via.vtep} VNI ${via.vni} router-mac ${via.routerMac} local-interface Vxlan1`
  }
  return via.nexthop === undefined ? `is directly connected, ${via.interface}` : `via ${via.nexthop}, ${via.interface}`
}

function protocolModel({ running }: ShowContext): string {
  const line = running.children.find((node) => node.line.startsWith('service routing protocols model '))?.line
  return line?.split(' ')[4] ?? 'ribd'
}

function counts(routes: Table): Readonly<Record<Route['type'], number>> {
  const count = (type: Route['type']) => [...routes.values()].filter((route) => route.type === type).length
  return { connected: count('connected'), static: count('static'), eBGP: count('eBGP'), iBGP: count('iBGP') }
}

function masks(routes: Table): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>()
  for (const { prefix } of routes.values()) {
    const length = prefix.split('/')[1] ?? ''
    lengths.set(length, (lengths.get(length) ?? 0) + 1)
  }
  return new Map([...lengths].sort(([a], [b]) => Number(a) - Number(b)))
}

function summaryJson(routes: Table): JsonObject {
  const { connected, static: statics, eBGP, iBGP } = counts(routes)
  return {
    connected,
    static: statics,
    bgpCounts: { bgpTotal: eBGP + iBGP, bgpExternal: eBGP, bgpInternal: iBGP, bgpLocal: 0 },
    totalRoutes: routes.size,
    maskLen: Object.fromEntries(masks(routes)),
  }
}

function summaryText(vrf: string, routes: Table, model: string): string {
  const { connected, static: statics, eBGP, iBGP } = counts(routes)
  const row = (label: string, count: number) => `   ${label.padEnd(50)} ${String(count).padStart(12)}`
  const lines = [
    `Operating routing protocol model: ${model}`,
    `Configured routing protocol model: ${model}`,
    `VRF: ${vrf}`,
    `   ${'Route Source'.padEnd(50)} ${'Number Of Routes'.padStart(12)}`,
    row('connected', connected),
    row('static (persistent)', statics),
    row('bgp', eBGP + iBGP),
    `     External: ${eBGP} Internal: ${iBGP}`,
    row('Total Routes', routes.size),
    '',
    'Number of routes per mask-length:',
    `   ${[...masks(routes)].map(([length, count]) => `/${length}: ${count}`).join('     ')}`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

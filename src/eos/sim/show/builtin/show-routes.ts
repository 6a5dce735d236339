import { formatIp, type Ip, networkOf, parseIp } from '../../../../model/ip-address.ts'
import { definedMembers, type JsonObject } from '../../../../model/json.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { Route, RouteVia, VrfState } from '../../converge/network-state.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import {
  objectOf,
  protocolModel,
  refuseUnknownVrf,
  type ShowArguments,
  type ShowCommand,
  type ShowContext,
  selectedVrfs,
  wrapped,
} from '../format/define.ts'
import { ROUTE_SOURCES, type RouteTable, refuseRouteFilter, selectedRoutes } from '../format/route-table.ts'

/** The commands of this subject. */
export const ROUTES_COMMANDS: readonly ShowCommand[] = [
  // Routing tables; suzieq (JSON of 4.23), lab-validation (4.18 to 4.36, text of 4.23). All of it, one source, one prefix with or without those
  // within it, the longest match of an address.
  {
    words: 'show ip route [vrf <vrf>] [<filter...>]',
    refuse: refuseRouteFilter,
    json: routesJson,
    text: routesText,
  },
  // How many routes of which kind; anta (JSON, revision 3). Totals by source and by mask length.
  {
    words: 'show ip route [vrf <vrf>] summary',
    refuse: refuseUnknownVrf,
    json: (context, args) => {
      const model = protocolModel(context)
      return {
        vrfs: objectOf(selectedVrfs(context.state.routes, args), ([vrf, routes]) => [vrf, summaryJson(routes)]),
        protoModelStatus: { configuredProtoModel: model, operatingProtoModel: model },
      }
    },
    text: (context, args) =>
      selectedVrfs(context.state.routes, args)
        .map(([vrf, routes]) => summaryText(vrf, routes, protocolModel(context)))
        .join('\n'),
  },
  // Connected and static IPv6 routes; the keys that napalm reads (of one VRF), by VRF as IPv4 routes are.
  {
    words: 'show ipv6 route [vrf <vrf>]',
    refuse: refuseUnknownVrf,
    json: (context, args) => {
      const tables = selectedVrfs(context.state.vrfs, args).map(([vrf]) => [vrf, routesOf(context, vrf)] as const)
      if (args.vrf !== 'all') return { routes: tables[0]?.[1] ?? {} }
      return { vrfs: objectOf(tables, ([vrf, routes]) => [vrf, { routes }]) }
    },
  },
  // The VRFs with their interfaces; suzieq (JSON of 4.23), ntc show_vrf (text), lab-validation (4.36).
  {
    words: 'show vrf [<vrf>]',
    refuse: refuseUnknownVrf,
    unconverted: ({ facts }) => !eosAtLeast(facts.eos, CONVERTED_SINCE),
    json: (context, args) => ({
      vrfs: objectOf(shown(context, args), (vrf) => [vrf.name, vrfJson(vrf, context)]),
    }),
    text: (context, args) => {
      if (!eosAtLeast(context.facts.eos, WITHOUT_RD_SINCE)) return oldText(selected(context, args))
      const head = [
        'Maximum number of VRFs allowed: 1023',
        '   VRF             Protocols       State         Interfaces',
        `${'-'.repeat(15)} ${'-'.repeat(15)} ${'-'.repeat(16)} ${'-'.repeat(INTERFACES_WIDTH)}`,
      ]
      return [...head, ...selected(context, args).flatMap(vrfRows)].map((line) => `${line.trimEnd()}\n`).join('')
    },
  },
]

// `routeLeaked` is recorded from 4.22 on (docs/eos.md 7.1).
const ROUTE_LEAKED_SINCE = '4.22'
const CONNECTED_COSTS_SINCE = '4.36'
const WORDS_SINCE = '4.26'
// From here on the letter B alone is of other routes of BGP: 4.27.0F has the older lines (avd-lab), 4.27.2F these (ceos-lab).
const OTHER_BGP_SINCE = '4.27.2'

function routesJson(context: ShowContext, args: ShowArguments): JsonObject {
  const vrfs = selectedRoutes(context, args).map(([vrf, routes]) => [vrf, tableJson(vrf, routes, context)] as const)
  return { vrfs: Object.fromEntries(vrfs) }
}

function routesText(context: ShowContext, args: ShowArguments) {
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
    routes: objectOf(routes, (route) => [route.prefix, routeJson(route, vrf, context)]),
  }
}

// Connected routes and those to Null0 have no metric and no preference, but the connected ones of a VRF of 4.36 that routes over interfaces
// with IPv6 alone (docs/eos.md 7.2).
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

// What needs no next hop: a connected subnet, Null0, a port, and the neighbour of an unnumbered one (docs/eos.md 7.2).
function isDirect({ type, drop, vias }: Route) {
  const direct = /^(static|OSPF|isis)/.test(type) && vias.every(({ nexthop }) => nexthop === undefined)
  return type === 'connected' || drop || direct
}

// A way over VXLAN has an empty next hop in a VRF that has BGP neighbors, and none in others (docs/eos.md 7.2).
function viaJson(via: RouteVia, hasNeighbors: boolean): JsonObject {
  if (via.vtep !== undefined) {
    return {
      vtepAddr: via.vtep,
      ...(hasNeighbors ? { nexthopAddr: '' } : {}),
      routerMac: via.routerMac ?? '',
      vni: via.vni ?? 0,
    }
  }
  return definedMembers({ nexthopAddr: via.nexthop, interface: via.interface })
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

function codeLines(eos: string) {
  return [...CODES_BEFORE, ...(eosAtLeast(eos, OTHER_BGP_SINCE) ? CODES : OLDER_CODES), ...lastCodes(eos)]
}

function lastCodes(eos: string) {
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

function tableText(vrf: string, routes: readonly Route[], { facts, running, state }: ShowContext, isWhole: boolean) {
  const isNew = eosAtLeast(facts.eos, WORDS_SINCE)
  const isRouting = state.vrfs.get(vrf)?.ipv4Routing !== false
  const gateway = routes.find(({ prefix }) => prefix === '0.0.0.0/0')
  const rest = isWhole ? routes.filter((route) => route !== gateway) : routes
  return printedLines([
    `VRF: ${vrf}`,
    ...codeLines(facts.eos),
    '',
    ...(isWhole ? [...gatewayLines(vrf, gateway, running), ''] : []),
    ...rest.flatMap(routeLines),
    '',
    ...(isNew && !isRouting ? ['! IP routing not enabled', ''] : []),
  ])
}

function gatewayLines(vrf: string, gateway: Route | undefined, running: ConfigTree) {
  if (gateway !== undefined) return ['Gateway of last resort:', ...routeLines(gateway)]
  const named = vrf === 'default' ? 'ip route' : `ip route vrf ${vrf}`
  const isConfigured = running.children.some(({ line }) => line.startsWith(`${named} 0.0.0.0/0 `))
  return [`Gateway of last resort is not ${isConfigured ? 'reachable' : 'set'}`]
}

function routeLines(route: Route) {
  const head = ` ${LETTER[route.type].padEnd(8)} ${route.prefix} `
  if (route.drop) return [`${head}is directly connected, Null0`]
  if (isDirect(route)) return [`${head}is directly connected, ${route.vias[0]?.interface ?? ''}`]
  const cost = `[${route.preference}/${route.metric}] `
  return route.vias.map((via, at) => (at === 0 ? head + cost : ' '.repeat(head.length + cost.length)) + viaWords(via))
}

function viaWords(via: RouteVia) {
  if (via.vtep !== undefined) {
    return `via VTEP ${via.vtep} VNI ${via.vni} router-mac ${via.routerMac} local-interface Vxlan1`
  }
  return via.nexthop === undefined ? `is directly connected, ${via.interface}` : `via ${via.nexthop}, ${via.interface}`
}

function count(routes: RouteTable, source: string) {
  return [...routes.values()].filter(({ type }) => ROUTE_SOURCES[source]?.includes(type)).length
}

function ofType(routes: RouteTable, wanted: string) {
  return [...routes.values()].filter(({ type }) => type === wanted).length
}

function masks(routes: RouteTable): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>()
  for (const { prefix } of routes.values()) {
    const length = prefix.split('/')[1] ?? ''
    lengths.set(length, (lengths.get(length) ?? 0) + 1)
  }
  return new Map([...lengths].sort(([a], [b]) => Number(a) - Number(b)))
}

function summaryJson(routes: RouteTable): JsonObject {
  const [external, internal] = [ofType(routes, 'eBGP'), ofType(routes, 'iBGP')]
  return {
    connected: count(routes, 'connected'),
    static: count(routes, 'static'),
    ospfCounts: {
      ospfTotal: count(routes, 'ospf'),
      ospfIntraArea: ofType(routes, 'OSPF'),
      ospfInterArea: ofType(routes, 'ospfInterArea'),
      ospfExternal1: ofType(routes, 'ospfExternalType1'),
      ospfExternal2: ofType(routes, 'ospfExternalType2'),
    },
    bgpCounts: {
      bgpTotal: external + internal,
      bgpExternal: external,
      bgpInternal: internal,
      bgpLocal: 0,
    },
    aggregate: count(routes, 'aggregate'),
    totalRoutes: routes.size,
    maskLen: Object.fromEntries(masks(routes)),
  }
}

function summaryText(vrf: string, routes: RouteTable, model: string) {
  const row = (label: string, total: number) => `   ${label.padEnd(50)} ${String(total).padStart(12)}`
  const [external, internal] = [ofType(routes, 'eBGP'), ofType(routes, 'iBGP')]
  return printedLines([
    `Operating routing protocol model: ${model}`,
    `Configured routing protocol model: ${model}`,
    `VRF: ${vrf}`,
    `   ${'Route Source'.padEnd(50)} ${'Number Of Routes'.padStart(12)}`,
    row('connected', count(routes, 'connected')),
    row('static (persistent)', count(routes, 'static')),
    row('ospf', count(routes, 'ospf')),
    row('bgp', external + internal),
    `     External: ${external} Internal: ${internal}`,
    row('aggregate', count(routes, 'aggregate')),
    row('Total Routes', routes.size),
    '',
    'Number of routes per mask-length:',
    `   ${[...masks(routes)].map(([length, total]) => `/${length}: ${total}`).join('     ')}`,
  ])
}

interface Subnet {
  readonly net: Ip
  readonly interface: string
}

function routesOf(context: ShowContext, vrf: string): JsonObject {
  const subnets = subnetsOf(context, vrf)
  const connected = subnets.map((subnet): [string, JsonObject] => [
    formatIp(subnet.net),
    { routeType: 'connected', preference: 0, metric: 0, vias: [{ interface: subnet.interface }] },
  ])
  return Object.fromEntries([...staticsOf(context, vrf, subnets), ...connected])
}

function subnetsOf({ state }: ShowContext, vrf: string): readonly Subnet[] {
  return [...state.interfaces.values()]
    .filter((port) => port.vrf === vrf && port.lineProtocol === 'up' && port.mode === 'routed')
    .flatMap((port) =>
      port.addresses.ipv6Addresses.flatMap((text) => {
        const ip = parseIp(text)
        return ip === undefined ? [] : [{ net: networkOf(ip), interface: port.name }]
      }),
    )
}

function staticsOf(
  { running }: ShowContext,
  vrf: string,
  subnets: readonly Subnet[],
): readonly (readonly [string, JsonObject])[] {
  return running.children.flatMap(({ line }): [string, JsonObject][] => {
    const [, named = 'default', prefix = '', hop = ''] = /^ipv6 route (?:vrf (\S+) )?(\S+\/\d+) (\S+)/.exec(line) ?? []
    const target = parseIp(prefix)
    const out = subnets.find(({ net }) => isWithin(hop, net))
    if (target === undefined || named !== vrf || (hop !== 'Null0' && out === undefined)) return []
    const way: JsonObject =
      out === undefined ? { routeAction: 'drop', vias: [] } : { vias: [{ nexthopAddr: hop, interface: out.interface }] }
    return [[formatIp(networkOf(target)), { routeType: 'static', preference: 1, metric: 0, ...way }]]
  })
}

function isWithin(hop: string, net: Ip) {
  const ip = parseIp(hop)
  return ip?.version === 6 && formatIp(networkOf({ ...ip, prefix: net.prefix })) === formatIp(net)
}

// `interfacesV4`, `interfacesV6` are recorded by napalm on a current cEOS and on 4.36, and absent in 4.23.
const FAMILY_LISTS_SINCE = '4.24'
// `vrfId` is recorded on 4.36 only.
const VRF_ID_SINCE = '4.36'
const INTERFACES_WIDTH = 39

// 4.18 has no JSON, 4.21 has an empty map (lab-validation).
const CONVERTED_SINCE = '4.21'
const FILLED_SINCE = '4.22'

// The text with the route distinguisher is recorded on 4.23 and 4.24.0F; where it changed is not known.
const WITHOUT_RD_SINCE = '4.25'
// What fits into a line of interfaces: 27 characters are in ntc's widest.
const OLD_WIDTH = 27

function oldText(vrfs: readonly VrfState[]) {
  const rows = vrfs.flatMap(oldRows)
  const widths = OLD_HEAD.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === cells.length - 1 ? cell : `   ${cell.padEnd((widths[at] ?? 0) + 4)}`)).join('')
  const rules = widths.map((width, at) => '-'.repeat(at === widths.length - 1 ? width : width + 6))
  return ['Maximum number of vrfs allowed: 1024', line(OLD_HEAD), rules.join(' '), ...rows.map(line)]
    .map((text) => `${text.trimEnd()}\n`)
    .join('')
}

const OLD_HEAD = ['VRF', 'RD', 'Protocols', 'State', 'Interfaces']

function oldRows(vrf: VrfState) {
  const [first = '', second = '', ...rest] = wrapped(vrf.interfaces, OLD_WIDTH)
  const state = (routes: boolean) => (routes ? 'routing' : 'no routing')
  const multicast = vrf.multicast ? '; multicast' : ''
  const rd = vrf.routeDistinguisher === '' ? '<not set>' : vrf.routeDistinguisher
  return [
    [vrf.name, rd, 'ipv4,ipv6', `v4:${state(vrf.ipv4Routing)}${multicast},`, first],
    ['', '', '', `v6:${state(vrf.ipv6Routing)}`, second],
    ...rest.map((interfaces) => ['', '', '', '', interfaces]),
  ]
}

function selected({ state }: ShowContext, args: ShowArguments) {
  const { vrf } = args
  return [...state.vrfs.values()].filter(({ name }) => vrf === undefined || vrf === 'all' || name === vrf)
}

function shown(context: ShowContext, args: ShowArguments) {
  return eosAtLeast(context.facts.eos, FILLED_SINCE) ? selected(context, args) : []
}

function vrfJson(vrf: VrfState, { facts, state }: ShowContext): JsonObject {
  const lists = { interfacesV4: vrf.interfacesV4, interfacesV6: vrf.interfacesV6 }
  return {
    routeDistinguisher: vrf.routeDistinguisher,
    protocols: { ipv4: protocolJson(vrf.ipv4Routing), ipv6: protocolJson(vrf.ipv6Routing) },
    vrfState: 'up',
    ...(eosAtLeast(facts.eos, FAMILY_LISTS_SINCE) ? lists : {}),
    interfaces: vrf.interfaces,
    ...(eosAtLeast(facts.eos, VRF_ID_SINCE) ? { vrfId: [...state.vrfs.keys()].indexOf(vrf.name) } : {}),
  }
}

function protocolJson(routes: boolean): JsonObject {
  return { supported: true, protocolState: 'up', routingState: routes ? 'up' : 'down' }
}

function vrfRows(vrf: VrfState) {
  const [first = '', ...rest] = wrapped(vrf.interfaces.map(shortName), INTERFACES_WIDTH)
  const row = (name: string, protocol: string, state: string, interfaces: string) =>
    `   ${name.padEnd(15)} ${protocol.padEnd(15)} ${state.padEnd(13)} ${interfaces}`
  return [
    row(vrf.name, 'IPv4', vrf.ipv4Routing ? 'routing' : 'no routing', first),
    ...rest.map((interfaces) => row('', '', '', interfaces)),
    row(vrf.name, 'IPv6', vrf.ipv6Routing ? 'routing' : 'no routing', ''),
  ]
}

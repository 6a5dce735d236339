import { z } from 'zod'
import { type IpRoute, type IpRouteAnswer, SHOW_IP_ROUTE_VRF_ALL, showIpRoute } from '../../answer/routes.ts'
import { MissingMember, mismatch, needed, type OutputOf, remarked } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { flag, ipv4, ipv4Prefix, maybeText, someOf, vrf } from '../../input/words.ts'

// Which of the fields that may be absent is demanded depends on the check.
const ipv4RouteEntry = () =>
  z.strictObject({
    prefix: ipv4Prefix().describe('The prefix, such as 10.0.0.0/24.'),
    vrf: vrf().describe('VRF of the route.'),
    description: maybeText('What reports call the route besides its prefix.'),
    route_type: ipv4RouteType().nullish().describe('The type, as the legend of `show ip route` calls it.'),
    nexthops: z.array(ipv4()).nullish().describe('Addresses of next hops.'),
    strict: flag('Whether there may be no other next hop.'),
  })

interface NamedRoute {
  readonly prefix: string
  readonly vrf: string
  readonly description?: string | null | undefined
}

function routeName({ prefix, vrf: name, description }: NamedRoute) {
  return `Prefix: ${remarked(prefix, description)} VRF: ${name}`
}

function routeIn(answer: IpRouteAnswer | undefined, { prefix, vrf: name }: NamedRoute) {
  return answer?.vrfs?.get(name)?.routes?.get(prefix)
}

// How the legend of `show ip route` calls the types (ANTA documentation, `IPv4RouteType`).
const WRITTEN = [
  'connected',
  'static',
  'kernel',
  'OSPF',
  'OSPF inter area',
  'OSPF external type 1',
  'OSPF external type 2',
  'OSPF NSSA external type 1',
  'OSPF NSSA external type2',
  'Other BGP Routes',
  'iBGP',
  'eBGP',
  'RIP',
  'IS-IS level 1',
  'IS-IS level 2',
  'OSPFv3',
  'BGP Aggregate',
  'OSPF Summary',
  'Nexthop Group Static Route',
  'VXLAN Control Service',
  'Martian',
  'DHCP client installed default route',
  'Dynamic Policy Route',
  'gRIBI',
  'Route Cache Route',
  'CBF Leaked Route',
  'dropRoute',
] as const

// What eAPI calls the types that the legend calls otherwise.
const KEYS: Readonly<Record<string, string>> = {
  'OSPF inter area': 'ospfInterArea',
  'OSPF external type 1': 'ospfExternalType1',
  'OSPF external type 2': 'ospfExternalType2',
  'OSPF NSSA external type 1': 'ospfNssaExternalType1',
  'OSPF NSSA external type2': 'ospfNssaExternalType2',
  'Other BGP Routes': 'BGP',
  'IS-IS level 1': 'ISISLevel1',
  'IS-IS level 2': 'ISISLevel2',
  'BGP Aggregate': 'bgpAggregate',
  'OSPF Summary': 'ospfSummary',
  'Nexthop Group Static Route': 'nexthopGroupStaticRoute',
  'VXLAN Control Service': 'vcs',
  Martian: 'martian',
  'DHCP client installed default route': 'dhcp',
  'Dynamic Policy Route': 'dynamicPolicy',
  gRIBI: 'gribi',
  'Route Cache Route': 'routeCacheConnected',
  'CBF Leaked Route': 'CBFLeaked',
}

// A type of route as the legend writes it, read as eAPI writes it: `OSPF inter area` is `ospfInterArea`.
const ipv4RouteType = () => z.enum(WRITTEN).transform((written) => KEYS[written] ?? written)

/** The given routes lead to the given next hops. */
export const VerifyIPv4RouteNextHops = defineVerify({
  summary: 'Verifies the next hops of IPv4 routes.',
  docs:
    'Passes when each route is there and has a path to each given next hop, and with `strict` no path elsewhere. Fails for ' +
    'each route that is not found, each next hop that no path leads to, and with `strict` each route whose next hops ' +
    'differ. A path over VXLAN leads to its VTEP, one without next hop to its interface.',
  example: {
    route_entries: [
      { prefix: '192.0.2.1/32', vrf: 'default', strict: false, nexthops: ['198.51.100.8', '198.51.100.10'] },
    ],
  },
  input: () => ({
    route_entries: someOf(
      ipv4RouteEntry().extend({ nexthops: someOf(ipv4(), 'Addresses of next hops.') }),
      'The routes and their next hops.',
    ),
  }),
  asks: SHOW_IP_ROUTE_VRF_ALL,
  judge: (answer, { route_entries }) =>
    route_entries.flatMap((entry) => {
      const name = routeName(entry)
      const route = routeIn(answer, entry)
      if (route === undefined) return [`${name} - prefix not found`]
      const actual = nextHopsOf(route, entry.strict)
      const [expected, found] = [listed(entry.nexthops), listed(actual)]
      if (entry.strict && expected !== found) {
        return [`${name} - List of next-hops not matching - Expected: ${expected} Actual: ${found}`]
      }
      return entry.nexthops
        .filter((nextHop) => !actual.includes(nextHop))
        .map((nextHop) => `${name} Nexthop: ${nextHop} - Route not found`)
    }),
})

function nextHopsOf(route: IpRoute, isWhole: boolean) {
  const vias = needed(route, 'vias')
  if (!isWhole && vias.length === 1 && vias[0]?.nexthopAddr === undefined) return []
  return vias.map((via) => (via.nexthopAddr === '' ? 'Directly connected' : needed(via, 'nexthopAddr')))
}

function listed(nextHops: readonly string[]) {
  return nextHops.toSorted().join(', ')
}

type RouteEntry = OutputOf<typeof ipv4RouteEntry>

const verifyPresence = (
  summary: string,
  how: string,
  asks: (entries: readonly RouteEntry[]) => readonly string[],
  answerTo: (entry: RouteEntry, index: number, entries: readonly RouteEntry[]) => number,
) =>
  defineVerify({
    summary: `Verifies that IPv4 routes are in the routing table, ${summary}.`,
    docs: `Passes when each prefix is in the routing table of its VRF with exactly its length. Fails for each that is not found. Asks one command per ${how}`,
    example: {
      route_entries: [
        { prefix: '192.0.2.1/32', vrf: 'default' },
        { prefix: '198.51.100.12/31', vrf: 'MGMT' },
      ],
    },
    input: () => ({ route_entries: someOf(ipv4RouteEntry(), 'The routes.') }),
    asks: ({ route_entries }) => asks(route_entries).map(showIpRoute),
    judge: (answers, { route_entries }) =>
      route_entries.flatMap((entry, ...place) =>
        routeIn(answers[answerTo(entry, ...place)], entry) === undefined
          ? [`${routeName(entry)} - Route not found`]
          : [],
      ),
  })

const vrfsOf = (entries: readonly RouteEntry[]) => [...new Set(entries.map(({ vrf }) => vrf))]

/** The given routes are there, asked one by one. */
export const VerifyIPv4RoutePresencePerPrefix = verifyPresence(
  'asking for each of them',
  'prefix, which is right where tables are large; VerifyIPv4RoutePresencePerVRF reads whole tables.',
  (entries) => entries.map(({ prefix, vrf }) => `vrf ${vrf} ${prefix}`),
  (_, index) => index,
)

/** The given routes are there, read from the whole tables of their VRFs. */
export const VerifyIPv4RoutePresencePerVRF = verifyPresence(
  'reading the table of each VRF once',
  'VRF, which is right for many prefixes; VerifyIPv4RoutePresencePerPrefix spares large tables.',
  (entries) => vrfsOf(entries).map((vrf) => `vrf ${vrf}`),
  ({ vrf }, _, entries) => vrfsOf(entries).indexOf(vrf),
)

/** The given routes are of the given types. */
export const VerifyIPv4RouteType = defineVerify({
  summary: 'Verifies the types of IPv4 routes.',
  docs:
    'Passes when each route is there and of its type: how it was learned, in the words of the legend of `show ip route`. ' +
    'Fails for each VRF that is not configured, each route that is not found, and each of another type.',
  example: {
    routes_entries: [
      { prefix: '192.0.2.1/32', vrf: 'default', route_type: 'eBGP' },
      { prefix: '198.51.100.12/31', vrf: 'default', route_type: 'connected' },
    ],
  },
  input: () => ({
    routes_entries: someOf(
      ipv4RouteEntry().extend({
        route_type: ipv4RouteType().describe('The type, as the legend of `show ip route` calls it.'),
      }),
      'The routes and their types.',
    ),
  }),
  asks: SHOW_IP_ROUTE_VRF_ALL,
  judge: (answer, { routes_entries }) =>
    routes_entries.flatMap((entry) => {
      if (answer.vrfs?.get(entry.vrf)?.routes === undefined) return [`${routeName(entry)} - VRF not configured`]
      const route = routeIn(answer, entry)
      if (route === undefined) return [`${routeName(entry)} - Route not found`]
      return mismatch(`${routeName(entry)} - Incorrect route type`, entry.route_type, route.routeType, 'None')
    }),
})

/** Routes to the given addresses are there. */
export const VerifyRoutingTableEntry = defineVerify({
  summary:
    'Verifies that routes are in the routing table of a VRF; VerifyIPv4RoutePresencePerPrefix knows their lengths.',
  docs:
    'Passes when for each address there is a route whose prefix has this address, whatever its length: a route that only ' +
    'covers it does not count. Fails with all that are missing. `collect: one` asks for each address, `collect: all` reads ' +
    'the table once.',
  example: { vrf: 'default', routes: ['192.0.2.1', '192.0.2.2'] },
  input: () => ({
    vrf: vrf().describe('VRF of the routes.'),
    routes: someOf(ipv4(), 'Addresses of the routes, without length.'),
    collect: z.enum(['one', 'all']).default('one').describe('`one`: a command per route; `all`: the whole table once.'),
  }),
  asks: ({ vrf: name, routes, collect }) =>
    collect === 'all' ? [showIpRoute(`vrf ${name}`)] : routes.map((route) => showIpRoute(`vrf ${name} ${route}`)),
  judge: (answers, { vrf: name, routes }) => {
    const known = new Set(answers.flatMap((answer) => addressesIn(answer, name)))
    const missing = routes.filter((route) => !known.has(route))
    return missing.length === 0
      ? []
      : [`The following route(s) are missing from the routing table of VRF ${name}: ${missing.join(', ')}`]
  },
})

function addressesIn(answer: IpRouteAnswer, vrfName: string) {
  const vrfs = needed(answer, 'vrfs')
  const told = vrfs.get(vrfName)
  if (told === undefined) throw new MissingMember(vrfs, vrfName)
  return [...needed(told, 'routes').keys()].map((prefix) => prefix.replace(/\/\d+$/, ''))
}

import type { JsonObject } from '../../../src/model/json.ts'
import type { Row } from './row.ts'

const check = 'VerifyEVPNType5Routes'

const path = (nextHop: string, routeType: JsonObject, ...extCommunities: string[]): JsonObject => ({
  nextHop,
  routeType,
  routeDetail: { extCommunities },
})
const route = (rd: string, domain: string, ...evpnRoutePaths: JsonObject[]): JsonObject => ({
  routeKeyDetail: { rd, domain },
  evpnRoutePaths,
})
const table = (...routes: JsonObject[]): JsonObject => ({
  evpnRoutes: Object.fromEntries(routes.map((one, index) => [`RD: ${index}`, one])),
})

const used = { active: true, valid: true }
const unused = { active: false, valid: true }
const RD = '192.0.2.1:10'

const prefix = (...routes: JsonObject[]): JsonObject => ({
  prefixes: [{ address: '198.51.100.0/24', vni: 10, routes }],
})

/** What the checks of `evpn` must say. */
export const rows: readonly Row[] = [
  {
    check,
    name: 'any route is enough, of IPv4 and IPv6, of a network and of a host',
    inputs: {
      prefixes: [
        { address: '198.51.100.0/24', vni: 10 },
        { address: '198.51.100.7', vni: 10, routes: [] },
        { address: '2001:DB8:0::7', vni: '20', routes: null },
      ],
    },
    outputs: [
      table(route(RD, 'local', path('192.0.2.1', unused)), route(RD, 'remote', path('192.0.2.2', used))),
      table(route(RD, 'local', path('', unused), path('', used))),
      table(route(RD, 'local', path('', used))),
    ],
    result: 'success',
  },
  {
    check,
    name: 'a route of another domain, a local path, and route targets in another notation than the one of EOS',
    inputs: prefix(
      { rd: RD, domain: 'remote', paths: null },
      {
        rd: RD,
        paths: [
          { nexthop: '', route_targets: null },
          { nexthop: '192.0.2.9', route_targets: ['1.100:10', '65001:7'] },
          { nexthop: '192.0.2.9', route_targets: ['192.0.2.9:5'] },
        ],
      },
    ),
    outputs: [
      table(
        route(
          RD,
          'local',
          path('', used),
          path('192.0.2.9', used, 'Route-Target-AS:65636:10', 'Route-Target-AS:65001:7', 'Route-Target-IP:192.0.2.9:5'),
        ),
        route(RD, 'remote', path('192.0.2.9', used)),
      ),
    ],
    result: 'failure',
    messages: [
      'Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.9 RTs: 1.100:10, 65001:7 - Path not found',
      'Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.9 RTs: 192.0.2.9:5 - Path not found',
    ],
  },
  {
    check,
    name: 'no route of the distinguisher, none of the domain, none in use',
    inputs: prefix({ rd: '192.0.2.1:11' }, { rd: RD, domain: 'remote' }, { rd: RD }),
    outputs: [
      table(route(RD, 'local', path('192.0.2.1', unused)), route('192.0.2.2:10', 'remote', path('192.0.2.1', used))),
    ],
    result: 'failure',
    messages: [
      'Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:11 - Route not found',
      'Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Domain: remote - Route not found',
      'Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 - No active and valid path found',
    ],
  },
  {
    check,
    name: 'no path by the next hop, one without all route targets, one that is not in use',
    inputs: prefix({
      rd: RD,
      paths: [
        { nexthop: '192.0.2.8' },
        { nexthop: '192.0.2.9', route_targets: ['10:10', '20:20'] },
        { nexthop: '192.0.2.9', route_targets: ['20:20'] },
      ],
    }),
    outputs: [
      table(
        route(
          RD,
          'local',
          path('192.0.2.9', used, 'Route-Target-AS:10:10', 'TunnelEncap:tunnelTypeVxlan'),
          path('192.0.2.9', unused, 'Route-Target-AS:20:20'),
        ),
      ),
    ],
    result: 'failure',
    messages: [
      'Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.8 - Path not found',
      'Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.9 RTs: 10:10, 20:20 - Path not found',
      'Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.9 RTs: 20:20 - No active and valid path found',
    ],
  },
  {
    check,
    name: 'no route, and none in use',
    inputs: {
      prefixes: [
        { address: '198.51.100.9/24', vni: 10 },
        { address: '2001:db8::/64', vni: 20 },
      ],
    },
    outputs: [table(), table(route(RD, 'local', path('', unused)), route(RD, 'remote'))],
    result: 'failure',
    messages: [
      'Prefix: 198.51.100.9/24 VNI: 10 - No EVPN Type-5 routes found',
      'Prefix: 2001:db8::/64 VNI: 20 - No active and valid path found across all RDs',
    ],
  },
  {
    check,
    name: 'empty',
    inputs: prefix(),
    outputs: [{}],
    result: 'failure',
    messages: ['Prefix: 198.51.100.0/24 VNI: 10 - No EVPN Type-5 routes found'],
  },
  {
    check,
    name: 'absent',
    inputs: prefix(),
    outputs: [],
    result: 'error',
    messages: ['`show bgp evpn route-type ip-prefix 198.51.100.0/24 vni 10` was not answered'],
  },
]

import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { withoutAnswers } from './without-answers.ts'

const table = (bgpRouteEntries: JsonObject): JsonObject => ({ vrfs: { default: { bgpRouteEntries } } })
const path = (routeType: JsonObject, nextHop = '192.0.2.1'): JsonObject => ({ nextHop, routeType })
const paths = (...bgpRoutePaths: JsonObject[]): JsonObject => ({ bgpRoutePaths })

const used = path({ valid: true, active: true })
const unused = path({ valid: true, active: false })
const invalid = path({ valid: false, active: false })

const peer = {
  peer_address: '192.0.2.1',
  advertised_routes: ['198.51.100.0/24', '2001:DB8:0::/48'],
  received_routes: ['203.0.113.0/24'],
}

const exchanged: readonly Row[] = [
  {
    check: 'VerifyBGPExchangedRoutes',
    name: 'the first of several paths counts, and IPv6 prefixes may be written long',
    inputs: { bgp_peers: [peer] },
    outputs: [
      table({ '198.51.100.0/24': paths(used), '2001:db8::/48': paths(used) }),
      table({ '203.0.113.0/24': paths(used, unused) }),
    ],
    result: 'success',
  },
  {
    check: 'VerifyBGPExchangedRoutes',
    name: 'valid is enough where that is asked',
    inputs: { check_active: false, bgp_peers: [{ ...peer, received_routes: ['203.0.113.0/24', '192.0.2.128'] }] },
    outputs: [
      table({ '198.51.100.0/24': paths(unused), '2001:db8::/48': paths(used) }),
      table({ '203.0.113.0/24': paths(invalid), '192.0.2.128/32': paths(unused) }),
    ],
    result: 'failure',
    messages: ['Peer: 192.0.2.1 VRF: default Received route: 203.0.113.0/24 - Valid: False'],
  },
  {
    check: 'VerifyBGPExchangedRoutes',
    name: 'inactive first, not valid, not there, and no such VRF',
    inputs: {
      bgp_peers: [
        peer,
        { peer_address: 'fe80::2%Et2', vrf: 'RED', description: 'spine2', received_routes: ['203.0.113.0/24'] },
      ],
    },
    outputs: [
      table({ '198.51.100.0/24': paths(unused, used) }),
      table({}),
      table({ '203.0.113.0/24': paths(invalid) }),
      table({ '203.0.113.0/24': paths(used) }),
    ],
    result: 'failure',
    messages: [
      'Peer: 192.0.2.1 VRF: default Advertised route: 198.51.100.0/24 - Valid: True Active: False',
      'Peer: 192.0.2.1 VRF: default Advertised route: 2001:db8::/48 - Not found',
      'Peer: 192.0.2.1 VRF: default Received route: 203.0.113.0/24 - Valid: False Active: False',
      'Peer: fe80::2%Et2 (spine2) VRF: RED Received route: 203.0.113.0/24 - Not found',
    ],
  },
  {
    check: 'VerifyBGPExchangedRoutes',
    name: 'a route without paths',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1', advertised_routes: ['198.51.100.0/24'] }] },
    outputs: [table({ '198.51.100.0/24': paths() }), table({})],
    result: 'error',
    messages: [
      '`show bgp neighbors 192.0.2.1 advertised-routes vrf default` does not tell vrfs.default.bgpRouteEntries.198.51.100.0/24.bgpRoutePaths.0',
    ],
  },
  {
    check: 'VerifyBGPExchangedRoutes',
    name: 'a path without flags',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1', advertised_routes: ['198.51.100.0/24'] }] },
    outputs: [table({ '198.51.100.0/24': paths(path({})) }), table({})],
    result: 'error',
    messages: [
      '`show bgp neighbors 192.0.2.1 advertised-routes vrf default` does not tell vrfs.default.bgpRouteEntries.198.51.100.0/24.bgpRoutePaths.0.routeType.active',
    ],
  },
  {
    check: 'VerifyBGPExchangedRoutes',
    name: 'a peer without routes',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1' }] },
    outputs: [],
    result: 'error',
    messages: [
      'the check `VerifyBGPExchangedRoutes` does not accept its inputs at bgp_peers.0: expected `advertised_routes` or `received_routes`',
    ],
  },
  ...withoutAnswers(
    'VerifyBGPExchangedRoutes',
    'show bgp neighbors 192.0.2.1 advertised-routes vrf default',
    { bgp_peers: [peer] },
    ['`show bgp neighbors 192.0.2.1 routes vrf default` was not answered'],
  ),
]

const endpoints = {
  vxlan_endpoints: [
    { address: '192.0.2.7', vni: 10010 },
    { address: '0050.56AB.cdef', vni: '10020' },
    { address: '00-50-56-00-00-01', vni: 10030 },
  ],
}
const evpn = (...routes: (readonly JsonObject[])[]): JsonObject => ({
  evpnRoutes: Object.fromEntries(
    routes.map((evpnRoutePaths, index) => [`RD: ${index}`, { evpnRoutePaths: [...evpnRoutePaths] }]),
  ),
})

const type2: readonly Row[] = [
  {
    check: 'VerifyEVPNType2Route',
    name: 'one path of one route is enough',
    inputs: endpoints,
    outputs: [evpn([used]), evpn([unused, used]), evpn([invalid], [used])],
    result: 'success',
  },
  {
    check: 'VerifyEVPNType2Route',
    name: 'not there, active but not valid, without paths',
    inputs: endpoints,
    outputs: [evpn(), evpn([path({ active: true, valid: false })], [unused]), evpn([])],
    result: 'failure',
    messages: [
      'Address: 192.0.2.7 VNI: 10010 - No EVPN Type-2 route',
      'Address: 00:50:56:ab:cd:ef VNI: 10020 - No valid and active path',
      'Address: 00:50:56:00:00:01 VNI: 10030 - No valid and active path',
    ],
  },
  {
    check: 'VerifyEVPNType2Route',
    name: 'empty',
    inputs: endpoints,
    outputs: [{}],
    result: 'error',
    messages: ['`show bgp evpn route-type mac-ip 00:50:56:ab:cd:ef vni 10020` was not answered'],
  },
  {
    check: 'VerifyEVPNType2Route',
    name: 'absent',
    inputs: endpoints,
    outputs: [evpn([used])],
    result: 'error',
    messages: ['`show bgp evpn route-type mac-ip 00:50:56:ab:cd:ef vni 10020` was not answered'],
  },
]

const wanted = { prefix: '198.51.100.0/24', paths: [{ nexthop: '192.0.2.1', origin: 'Igp' }] }

const routePaths: readonly Row[] = [
  {
    check: 'VerifyBGPRoutePaths',
    name: 'among other paths',
    inputs: { route_entries: [wanted] },
    outputs: [table({ '198.51.100.0/24': paths(path({ origin: 'Egp' }, '192.0.2.2'), path({ origin: 'Igp' })) })],
    result: 'success',
  },
  {
    check: 'VerifyBGPRoutePaths',
    name: 'another origin, none told, no such path, no path at all, no such VRF',
    inputs: {
      route_entries: [
        {
          prefix: '198.51.100.0/24',
          paths: [
            { nexthop: '192.0.2.1', origin: 'Igp' },
            { nexthop: '192.0.2.2', origin: 'Egp' },
            { nexthop: '192.0.2.3', origin: 'Igp' },
          ],
        },
        { ...wanted, prefix: '203.0.113.0/24' },
        { ...wanted, vrf: 'RED' },
      ],
    },
    outputs: [
      table({
        '198.51.100.0/24': paths(path({ origin: 'Incomplete' }), path({}, '192.0.2.2')),
        '203.0.113.0/24': paths(),
      }),
    ],
    result: 'failure',
    messages: [
      'Prefix: 198.51.100.0/24 VRF: default Next-hop: 192.0.2.1 Origin: Igp - Origin mismatch - Actual: Incomplete',
      'Prefix: 198.51.100.0/24 VRF: default Next-hop: 192.0.2.2 Origin: Egp - Origin mismatch - Actual: None',
      'Prefix: 198.51.100.0/24 VRF: default Next-hop: 192.0.2.3 Origin: Igp - Path not found',
      'Prefix: 203.0.113.0/24 VRF: default Next-hop: 192.0.2.1 Origin: Igp - Path not found',
      'Prefix: 198.51.100.0/24 VRF: RED - Prefix not found',
    ],
  },
  ...withoutAnswers('VerifyBGPRoutePaths', 'show ip bgp vrf all', { route_entries: [wanted] }, [
    'Prefix: 198.51.100.0/24 VRF: default - Prefix not found',
  ]),
]

const head = { valid: true, active: true, ecmp: true, ecmpHead: true, ecmpContributor: true }
const contributor = { valid: true, active: false, ecmp: true, ecmpHead: false, ecmpContributor: true }
const shared = paths(
  path(head, '192.0.2.1'),
  path(contributor, '192.0.2.2'),
  path({ valid: true, ecmp: false, ecmpContributor: false }, '192.0.2.3'),
)
const installed = (prefix: string, count: number): JsonObject => ({
  [prefix]: { vias: Array.from({ length: count }, (_, index) => ({ nexthopAddr: `192.0.2.${index + 1}` })) },
})
const rib = (routes: JsonObject): JsonObject => ({ vrfs: { default: { routes } } })
const shares = (...prefixes: string[]): JsonObject => ({
  route_entries: prefixes.map((prefix) => ({ prefix, ecmp_count: 2 })),
})

const ecmp: readonly Row[] = [
  {
    check: 'VerifyBGPRouteECMP',
    name: 'two paths, and two next hops',
    inputs: shares('198.51.100.0/24'),
    outputs: [table({ '198.51.100.0/24': shared }), rib(installed('198.51.100.0/24', 2))],
    result: 'success',
  },
  {
    check: 'VerifyBGPRouteECMP',
    name: 'every way of not sharing',
    inputs: shares(
      '198.51.100.0/28',
      '198.51.100.16/28',
      '198.51.100.32/28',
      '198.51.100.48/28',
      '198.51.100.64/28',
      '198.51.100.80/28',
    ),
    outputs: [
      table({
        '198.51.100.16/28': paths(path({ ...head, active: false }), path(contributor, '192.0.2.2')),
        '198.51.100.32/28': paths(path(head), path({ ...contributor, ecmpContributor: false }, '192.0.2.2')),
        '198.51.100.48/28': shared,
        '198.51.100.64/28': shared,
        '198.51.100.80/28': paths(),
      }),
      rib(installed('198.51.100.64/28', 1)),
    ],
    result: 'failure',
    messages: [
      'Prefix: 198.51.100.0/28 VRF: default - Prefix not found in BGP table',
      'Prefix: 198.51.100.16/28 VRF: default - Valid and active ECMP head not found',
      'Prefix: 198.51.100.32/28 VRF: default - ECMP count mismatch - Expected: 2 Actual: 1',
      'Prefix: 198.51.100.48/28 VRF: default - Prefix not found in routing table',
      'Prefix: 198.51.100.64/28 VRF: default - Nexthops count mismatch - BGP: 2 RIB: 1',
      'Prefix: 198.51.100.80/28 VRF: default - Valid and active ECMP head not found',
    ],
  },
  {
    check: 'VerifyBGPRouteECMP',
    name: 'the routing table was not answered',
    inputs: shares('198.51.100.0/24'),
    outputs: [table({ '198.51.100.0/24': shared })],
    result: 'error',
    messages: ['`show ip route vrf all bgp` was not answered'],
  },
  ...withoutAnswers('VerifyBGPRouteECMP', 'show ip bgp vrf all', shares('198.51.100.0/24'), [
    '`show ip route vrf all bgp` was not answered',
  ]),
]

/** What the checks of routes must say. */
export const routeRows: readonly Row[] = [...exchanged, ...type2, ...routePaths, ...ecmp]

import type { Json } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

/** A routing table of the default VRF. */
const routes = (table: Json) => ({ vrfs: { default: { routes: table } } })

const viaTwo = { '192.0.2.0/24': { vias: [{ nexthopAddr: '198.51.100.9' }, { nexthopAddr: '198.51.100.10' }] } }

const nextHops = (nexthops: readonly string[], strict: boolean) => ({
  route_entries: [{ prefix: '192.0.2.0/24', nexthops, strict }],
})

const presence = { route_entries: [{ prefix: '192.0.2.1/32' }, { prefix: '198.51.100.0/24', vrf: 'PROD' }] }
const notFound = ['Prefix: 192.0.2.1/32 VRF: default - Route not found']
const neitherFound = [...notFound, 'Prefix: 198.51.100.0/24 VRF: PROD - Route not found']

/** What the checks of single routes must say. */
export const rows: readonly Row[] = [
  ...rowsOf(
    'VerifyIPv4RouteNextHops',
    { command: 'show ip route vrf all', inputs: nextHops(['198.51.100.10'], false) },
    [
      passes('one of two', [routes(viaTwo)]),
      passes('both, in any order', [routes(viaTwo)], nextHops(['198.51.100.10', '198.51.100.9'], true)),
      fails(
        'over VXLAN, whose tunnel end is no next hop',
        [routes({ '192.0.2.0/24': { vias: [{ nexthopAddr: '', vtepAddr: '203.0.113.5', interface: 'Vxlan1' }] } })],
        [
          'Prefix: 192.0.2.0/24 VRF: default - List of next-hops not matching - Expected: 203.0.113.5 Actual: Directly connected',
        ],
        nextHops(['203.0.113.5'], true),
      ),
      fails(
        'neither of two',
        [routes(viaTwo)],
        [
          'Prefix: 192.0.2.0/24 VRF: default Nexthop: 198.51.100.11 - Route not found',
          'Prefix: 192.0.2.0/24 VRF: default Nexthop: 198.51.100.12 - Route not found',
        ],
        nextHops(['198.51.100.11', '198.51.100.9', '198.51.100.12'], false),
      ),
      fails(
        'strictly, one more',
        [routes(viaTwo)],
        [
          'Prefix: 192.0.2.0/24 VRF: default - List of next-hops not matching - ' +
            'Expected: 198.51.100.10 Actual: 198.51.100.10, 198.51.100.9',
        ],
        nextHops(['198.51.100.10'], true),
      ),
      errs(
        'strictly, one less, and the other way out of an interface',
        [routes({ '192.0.2.0/24': { vias: [{ nexthopAddr: '198.51.100.9' }, { interface: 'Ethernet1' }] } })],
        '`show ip route vrf all` does not tell vrfs.default.routes.192.0.2.0/24.vias.1.nexthopAddr',
        nextHops(['198.51.100.9', '198.51.100.10'], true),
      ),
      fails('no such VRF', [{ vrfs: {} }], ['Prefix: 192.0.2.0/24 VRF: default - prefix not found']),
      errs(
        'no paths',
        [routes({ '192.0.2.0/24': {} })],
        '`show ip route vrf all` does not tell vrfs.default.routes.192.0.2.0/24.vias',
      ),
      fails('empty', [{}], ['Prefix: 192.0.2.0/24 VRF: default - prefix not found']),
    ],
  ),
  ...rowsOf(
    'VerifyIPv4RoutePresencePerPrefix',
    { command: 'show ip route vrf default 192.0.2.1/32', inputs: presence },
    [
      passes('both', [routes({ '192.0.2.1/32': {} }), { vrfs: { PROD: { routes: { '198.51.100.0/24': {} } } } }]),
      fails(
        'a shorter prefix, and the answer of another VRF',
        [routes({ '192.0.2.0/24': {} }), routes({ '198.51.100.0/24': {} })],
        neitherFound,
      ),
      errs(
        'the second is not answered',
        [routes({ '192.0.2.1/32': {} })],
        '`show ip route vrf PROD 198.51.100.0/24` was not answered',
      ),
      fails(
        'empty',
        [{}, {}],
        ['Prefix: 192.0.2.1/32 VRF: default - Route not found', 'Prefix: 198.51.100.0/24 VRF: PROD - Route not found'],
      ),
    ],
  ),
  ...rowsOf('VerifyIPv4RoutePresencePerVRF', { command: 'show ip route vrf default', inputs: presence }, [
    passes(
      'three of two VRFs, asked once each',
      [{ vrfs: { PROD: { routes: { '198.51.100.0/24': {}, '203.0.113.0/24': {} } } } }, routes({ '192.0.2.1/32': {} })],
      {
        route_entries: [
          { prefix: '198.51.100.0/24', vrf: 'PROD' },
          { prefix: '192.0.2.1/32', description: 'loopback of spine1' },
          { prefix: '203.0.113.0/24', vrf: 'PROD' },
        ],
      },
    ),
    fails('one missing', [routes({}), { vrfs: { PROD: { routes: { '198.51.100.0/24': {} } } } }], notFound),
    fails(
      'one with a description missing',
      [routes({})],
      ['Prefix: 192.0.2.1/32 (loopback of spine1) VRF: default - Route not found'],
      { route_entries: [{ prefix: '192.0.2.1/32', description: 'loopback of spine1' }] },
    ),
    fails('no such VRF', [{ vrfs: {} }, { vrfs: {} }], neitherFound),
    fails(
      'empty',
      [{}, {}],
      ['Prefix: 192.0.2.1/32 VRF: default - Route not found', 'Prefix: 198.51.100.0/24 VRF: PROD - Route not found'],
    ),
  ]),
  ...rowsOf(
    'VerifyIPv4RouteType',
    {
      command: 'show ip route vrf all',
      inputs: { routes_entries: [{ prefix: '192.0.2.0/24', route_type: 'OSPF inter area' }] },
    },
    [
      passes('of its type', [routes({ '192.0.2.0/24': { routeType: 'ospfInterArea' } })]),
      fails(
        'types as EOS writes them, of which ANTA knows one otherwise',
        [
          routes({
            '192.0.2.0/24': { routeType: 'bgpAggregate' },
            '192.0.2.1/32': { routeType: 'OSPF' },
            '192.0.2.2/32': { routeType: 'ospfExternalType2' },
            '192.0.2.3/32': { routeType: 'isisLevel1' },
            '192.0.2.4/32': { routeType: 'ospfNssaExternalType2' },
          }),
        ],
        ['Prefix: 192.0.2.3/32 VRF: default - Incorrect route type - Expected: ISISLevel1 Actual: isisLevel1'],
        {
          routes_entries: [
            { prefix: '192.0.2.0/24', route_type: 'BGP Aggregate' },
            { prefix: '192.0.2.1', route_type: 'OSPF' },
            { prefix: '192.0.2.2/32', route_type: 'OSPF external type 2' },
            { prefix: '192.0.2.3/32', route_type: 'IS-IS level 1' },
            { prefix: '192.0.2.4/32', route_type: 'OSPF NSSA external type2' },
          ],
        },
      ),
      fails(
        'of another type, not there, and in no VRF',
        [
          {
            vrfs: {
              default: {
                routes: { '192.0.2.0/24': { routeType: 'static' }, '192.0.2.9/32': {} },
              },
            },
          },
        ],
        [
          'Prefix: 192.0.2.0/24 VRF: default - Incorrect route type - Expected: ospfInterArea Actual: static',
          'Prefix: 192.0.2.9/32 VRF: default - Incorrect route type - Expected: eBGP Actual: None',
          'Prefix: 198.51.100.0/24 VRF: default - Route not found',
          'Prefix: 192.0.2.0/24 VRF: PROD - VRF not configured',
        ],
        {
          routes_entries: [
            { prefix: '192.0.2.0/24', route_type: 'OSPF inter area' },
            { prefix: '192.0.2.9/32', route_type: 'eBGP' },
            { prefix: '198.51.100.0/24', route_type: 'connected' },
            { prefix: '192.0.2.0/24', vrf: 'PROD', route_type: 'static' },
          ],
        },
      ),
      fails('empty', [{}], ['Prefix: 192.0.2.0/24 VRF: default - VRF not configured']),
    ],
  ),
  ...rowsOf(
    'VerifyRoutingTableEntry',
    { command: 'show ip route vrf default 192.0.2.1', inputs: { routes: ['192.0.2.1', '192.0.2.2'] } },
    [
      passes('each is in its own answer', [routes({ '192.0.2.1/32': {} }), routes({ '192.0.2.2/32': {} })]),
      passes('a prefix of that address', [routes({ '198.51.100.0/24': {} })], {
        routes: ['198.51.100.0'],
        collect: 'all',
      }),
      fails(
        'both only covered',
        [routes({ '192.0.2.0/24': {} }), routes({ '192.0.2.0/24': {} })],
        ['The following route(s) are missing from the routing table of VRF default: 192.0.2.1, 192.0.2.2'],
      ),
      passes('the second in the answer for the first', [
        routes({ '192.0.2.1/32': {}, '192.0.2.2/32': {} }),
        routes({}),
      ]),
      fails(
        'one missing of the whole table',
        [{ vrfs: { PROD: { routes: { '192.0.2.1/32': {} } } } }],
        ['The following route(s) are missing from the routing table of VRF PROD: 192.0.2.2'],
        { vrf: 'PROD', routes: ['192.0.2.1', '192.0.2.2'], collect: 'all' },
      ),
      errs(
        'the second is not answered',
        [routes({ '192.0.2.1/32': {} })],
        '`show ip route vrf default 192.0.2.2` was not answered',
      ),
      errs('empty', [{}, {}], '`show ip route vrf default 192.0.2.1` does not tell vrfs'),
    ],
  ),
]

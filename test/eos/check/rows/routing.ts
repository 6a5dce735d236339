import type { Json } from '../../../../src/model/json.ts'
import { errs, fails, moreOf, passes, type Row, rowsOf, skips } from './rows-of.ts'

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
export const routesRoutingGeneric: readonly Row[] = [
  ...rowsOf(
    'VerifyIPv4RouteNextHops',
    { command: 'show ip route vrf all', inputs: nextHops(['198.51.100.10'], false) },
    [
      passes('one of two', routes(viaTwo)),
      fails(
        'over VXLAN, whose tunnel end is no next hop',
        routes({ '192.0.2.0/24': { vias: [{ nexthopAddr: '', vtepAddr: '203.0.113.5', interface: 'Vxlan1' }] } }),
        'Prefix: 192.0.2.0/24 VRF: default - List of next-hops not matching - Expected: 203.0.113.5 Actual: Directly connected',
        nextHops(['203.0.113.5'], true),
      ),
      fails(
        'neither of two',
        routes(viaTwo),
        `
          Prefix: 192.0.2.0/24 VRF: default Nexthop: 198.51.100.11 - Route not found
          Prefix: 192.0.2.0/24 VRF: default Nexthop: 198.51.100.12 - Route not found
        `,
        nextHops(['198.51.100.11', '198.51.100.9', '198.51.100.12'], false),
      ),
      fails(
        'strictly, one more',
        routes(viaTwo),
        [
          'Prefix: 192.0.2.0/24 VRF: default - List of next-hops not matching - ' +
            'Expected: 198.51.100.10 Actual: 198.51.100.10, 198.51.100.9',
        ],
        nextHops(['198.51.100.10'], true),
      ),
      fails('no such VRF', { vrfs: {} }, 'Prefix: 192.0.2.0/24 VRF: default - prefix not found'),
      errs(
        'no paths',
        routes({ '192.0.2.0/24': {} }),
        '`show ip route vrf all` does not tell vrfs.default.routes.192.0.2.0/24.vias',
      ),
      fails('empty', {}, 'Prefix: 192.0.2.0/24 VRF: default - prefix not found'),
    ],
  ),
  ...rowsOf(
    'VerifyIPv4RoutePresencePerPrefix',
    { command: 'show ip route vrf default 192.0.2.1/32', inputs: presence },
    [
      passes('both', [routes({ '192.0.2.1/32': {} }), { vrfs: { PROD: { routes: { '198.51.100.0/24': {} } } } }]),
      fails(
        'each in the answer to the other',
        [{ vrfs: { PROD: { routes: { '198.51.100.0/24': {} } } } }, routes({ '192.0.2.1/32': {} })],
        neitherFound,
      ),
      fails('empty', [{}, {}], neitherFound),
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
    fails(
      'one with a description missing',
      routes({}),
      'Prefix: 192.0.2.1/32 (loopback of spine1) VRF: default - Route not found',
      { route_entries: [{ prefix: '192.0.2.1/32', description: 'loopback of spine1' }] },
    ),
    fails('no such VRF', [{ vrfs: {} }, { vrfs: {} }], neitherFound),
    fails(
      'empty',
      [{}, {}],
      `
        Prefix: 192.0.2.1/32 VRF: default - Route not found
        Prefix: 198.51.100.0/24 VRF: PROD - Route not found
      `,
    ),
  ]),
  ...rowsOf(
    'VerifyIPv4RouteType',
    {
      command: 'show ip route vrf all',
      inputs: { routes_entries: [{ prefix: '192.0.2.0/24', route_type: 'OSPF inter area' }] },
    },
    [
      passes('of its type', routes({ '192.0.2.0/24': { routeType: 'ospfInterArea' } })),
      fails(
        'types as EOS writes them, of which ANTA knows one otherwise',
        routes({
          '192.0.2.0/24': { routeType: 'bgpAggregate' },
          '192.0.2.1/32': { routeType: 'OSPF' },
          '192.0.2.2/32': { routeType: 'ospfExternalType2' },
          '192.0.2.3/32': { routeType: 'isisLevel1' },
          '192.0.2.4/32': { routeType: 'ospfNssaExternalType2' },
        }),
        'Prefix: 192.0.2.3/32 VRF: default - Incorrect route type - Expected: ISISLevel1 Actual: isisLevel1',
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
        {
          vrfs: {
            default: {
              routes: { '192.0.2.0/24': { routeType: 'static' }, '192.0.2.9/32': {} },
            },
          },
        },
        `
          Prefix: 192.0.2.0/24 VRF: default - Incorrect route type - Expected: ospfInterArea Actual: static
          Prefix: 192.0.2.9/32 VRF: default - Incorrect route type - Expected: eBGP Actual: None
          Prefix: 198.51.100.0/24 VRF: default - Route not found
          Prefix: 192.0.2.0/24 VRF: PROD - VRF not configured
        `,
        {
          routes_entries: [
            { prefix: '192.0.2.0/24', route_type: 'OSPF inter area' },
            { prefix: '192.0.2.9/32', route_type: 'eBGP' },
            { prefix: '198.51.100.0/24', route_type: 'connected' },
            { prefix: '192.0.2.0/24', vrf: 'PROD', route_type: 'static' },
          ],
        },
      ),
      fails('empty', {}, 'Prefix: 192.0.2.0/24 VRF: default - VRF not configured'),
    ],
  ),
  ...rowsOf(
    'VerifyRoutingTableEntry',
    { command: 'show ip route vrf default 192.0.2.1', inputs: { routes: ['192.0.2.1', '192.0.2.2'] } },
    [
      fails(
        'both only covered',
        [routes({ '192.0.2.0/24': {} }), routes({ '192.0.2.0/24': {} })],
        'The following route(s) are missing from the routing table of VRF default: 192.0.2.1, 192.0.2.2',
      ),
      passes('the second in the answer for the first', [
        routes({ '192.0.2.1/32': {}, '192.0.2.2/32': {} }),
        routes({}),
      ]),
      fails(
        'one missing of the whole table',
        { vrfs: { PROD: { routes: { '192.0.2.1/32': {} } } } },
        'The following route(s) are missing from the routing table of VRF PROD: 192.0.2.2',
        { vrf: 'PROD', routes: ['192.0.2.1', '192.0.2.2'], collect: 'all' },
      ),
      errs('empty', [{}, {}], '`show ip route vrf default 192.0.2.1` does not tell vrfs'),
    ],
  ),
]

const routing = {
  v4RoutingEnabled: true,
  v6RoutingEnabled: false,
  multicastRouting: { ipMulticastEnabled: false, ip6MulticastEnabled: false },
}

/** What the checks of whole routing tables, and of routing as such, must say. */
export const tablesRoutingGeneric: readonly Row[] = [
  ...rowsOf(
    'VerifyRoutingProtocolModel',
    {
      command: 'show ip route summary',
      empty: 'answered in an unknown shape at protoModelStatus',
      inputs: { model: 'multi-agent' },
    },
    [
      passes('multi-agent', {
        protoModelStatus: { configuredProtoModel: 'multi-agent', operatingProtoModel: 'multi-agent' },
      }),
      fails(
        'the other model',
        { protoModelStatus: { configuredProtoModel: 'ribd', operatingProtoModel: 'ribd' } },
        'Routing model is misconfigured - Expected: multi-agent Actual: ribd',
      ),
      fails(
        'configured, and the switch not reloaded',
        { protoModelStatus: { configuredProtoModel: 'multi-agent', operatingProtoModel: 'ribd' } },
        'Routing model is misconfigured - Expected: multi-agent Actual: ribd',
      ),
      errs(
        'no model is told',
        { protoModelStatus: {} },
        '`show ip route summary` answered in an unknown shape at protoModelStatus.configuredProtoModel',
      ),
    ],
  ),
  ...rowsOf(
    'VerifyRoutingTableSize',
    {
      command: 'show ip route vrf all summary',
      empty: 'answered in an unknown shape at vrfs',
      inputs: { minimum: 2, maximum: 10 },
    },
    [
      passes('both bounds are within', { vrfs: { default: { totalRoutes: 10 } } }),
      fails(
        'every source',
        {
          vrfs: {
            PROD: {
              ospfCounts: { ospfTotal: 2 },
              ospfv3: 3,
              isisCounts: { isisTotal: 4 },
              static: 5,
              connected: 6,
              bgpCounts: { bgpTotal: 7 },
              totalRoutes: 27,
            },
          },
        },
        'VRF: PROD Route Source: OSPFv3 - Routes below minimum - Expected: >= 3 Actual: 0',
        {
          minimum: 1,
          maximum: 9,
          vrfs: [
            {
              vrf: 'PROD',
              route_sources: [
                { source: 'ospf', minimum: 2, maximum: 2 },
                { source: 'ospfv3', minimum: 3, maximum: 3 },
                { source: 'isis', minimum: 4, maximum: 4 },
                { source: 'static' },
                { source: 'connected' },
                { source: 'bgp' },
                { source: 'total_routes', maximum: 27 },
              ],
            },
          ],
        },
      ),
      fails(
        'too few, too many, untold, and no such VRF',
        { vrfs: { default: { ospfCounts: { ospfTotal: 3 }, isisCounts: { isisTotal: 11 }, static: 1 } } },
        `
          VRF: default Route Source: OSPF - Routes below minimum - Expected: >= 4 Actual: 3
          VRF: default Route Source: Static - Routes below minimum - Expected: >= 2 Actual: 1
          VRF: default Route Source: ISIS - Routes above maximum - Expected: <= 10 Actual: 11
          VRF: PROD Route Source: BGP - VRF not configured
          VRF: PROD Route Source: Static - VRF not configured
        `,
        {
          minimum: 2,
          maximum: 10,
          vrfs: [
            {
              vrf: 'default',
              route_sources: [
                { source: 'ospf', minimum: 4 },
                { source: 'static' },
                { source: 'isis' },
                { source: 'ospfv3', minimum: 0 },
              ],
            },
            { vrf: 'PROD', route_sources: [{ source: 'bgp' }, { source: 'static' }] },
          ],
        },
      ),
      fails('no default VRF', { vrfs: {} }, 'VRF: default Route Source: Total Routes - VRF not configured'),
      errs(
        'bounds that nothing is within',
        { vrfs: { default: { totalRoutes: 5 } } },
        'the check `VerifyRoutingTableSize` does not accept its inputs: expected a minimum that is not above its maximum',
        { minimum: 10, maximum: 20, vrfs: [{ route_sources: [{ source: 'bgp', maximum: 5 }] }] },
      ),
    ],
  ),
  ...rowsOf(
    'VerifyRoutingStatus',
    { command: 'show ip', empty: 'answered in an unknown shape at v4RoutingEnabled', inputs: { ipv4_unicast: true } },
    [
      passes('IPv4 alone', routing),
      fails(
        'everything the other way round',
        {
          v4RoutingEnabled: false,
          v6RoutingEnabled: true,
          v6IntfForwarding: true,
          multicastRouting: { ipMulticastEnabled: true, ip6MulticastEnabled: true },
        },
        `
        IPv4 unicast routing enabled status mismatch - Expected: True Actual: False
        IPv6 unicast routing enabled status mismatch - Expected: False Actual: True
        IPv4 multicast routing enabled status mismatch - Expected: False Actual: True
        IPv6 multicast routing enabled status mismatch - Expected: False Actual: True
        IPv6 interfaces routing enabled status mismatch - Expected: False Actual: True
      `,
      ),
    ],
  ),
]

/** What the checks of `routing.generic` must say. */
export const routingGenericChecks: readonly Row[] = [...routesRoutingGeneric, ...tablesRoutingGeneric]

/** What the switch tells of the instance CORE in the default VRF. */
export const core = (told: Json) => ({ vrfs: { default: { isisInstances: { CORE: told } } } })

/** What every check says of a switch without IS-IS. */
export const noIsis = 'IS-IS not configured'

const adjacency = (interfaceName: string, state: string) => ({
  [interfaceName]: { adjacencies: [{ interfaceName, state }] },
})

const level2 = (interfaceType: string, told: Json) => ({ interfaceType, intfLevels: { '2': told } })

/** What the checks of instances, interfaces and neighbors must say. */
export const adjacenciesRoutingIsis: readonly Row[] = [
  ...rowsOf(
    'VerifyISISGracefulRestart',
    {
      command: 'show isis graceful-restart vrf all',
      empty: 'answered in an unknown shape at vrfs',
      inputs: { instances: [{ name: 'CORE', graceful_restart: true, graceful_restart_helper: false }] },
    },
    [
      passes('restarts, and helps nobody', core({ gracefulRestart: 'enabled', gracefulRestartHelper: 'disabled' })),
      passes('as it is by default', core({ gracefulRestart: 'disabled', gracefulRestartHelper: 'enabled' }), {
        instances: [{ name: 'CORE' }],
      }),
      fails(
        'not told, and not there',
        core({}),
        `
          Instance: CORE VRF: default - Incorrect graceful restart state - Expected: disabled Actual: None
          Instance: CORE VRF: default - Incorrect graceful restart helper state - Expected: enabled Actual: None
          Instance: CORE VRF: PROD - Not configured
        `,
        { instances: [{ name: 'CORE' }, { name: 'CORE', vrf: 'PROD' }] },
      ),
      skips('no IS-IS', { vrfs: {} }, noIsis),
    ],
  ),
  ...rowsOf(
    'VerifyISISInterfaceMode',
    {
      command: 'show isis interface brief vrf all',
      empty: 'answered in an unknown shape at vrfs',
      inputs: {
        interfaces: [
          { name: 'Loopback0', mode: 'passive' },
          { name: 'Ethernet1', mode: 'point-to-point' },
          { name: 'Ethernet2', mode: 'broadcast' },
        ],
      },
    },
    [
      passes(
        'each mode',
        core({
          interfaces: {
            Loopback0: level2('loopback', { passive: true }),
            Ethernet1: level2('point-to-point', { passive: false }),
            Ethernet2: level2('broadcast', {}),
          },
        }),
      ),
      fails(
        'none of them',
        core({
          interfaces: {
            Loopback0: level2('loopback', {}),
            Ethernet1: { intfLevels: { '2': {} } },
          },
        }),
        `
          Interface: Loopback0 VRF: default Level: 2 - Not running in passive mode
          Interface: Ethernet1 VRF: default Level: 2 - Incorrect interface mode - Expected: point-to-point Actual: unset
          Interface: Ethernet2 VRF: default Level: 2 - Not configured
        `,
      ),
      skips('no IS-IS', { vrfs: {} }, noIsis),
    ],
  ),
  ...rowsOf(
    'VerifyISISNeighborCount',
    {
      command: 'show isis interface brief vrf all',
      empty: 'answered in an unknown shape at vrfs',
      inputs: { interfaces: [{ name: 'et1', count: 1 }] },
    },
    [
      passes('one, in the second instance', {
        vrfs: {
          default: {
            isisInstances: {
              EDGE: {},
              CORE: {
                interfaces: {
                  Ethernet1: {
                    interfaceType: 'broadcast',
                    intfLevels: { '2': { numAdjacencies: 1, passive: false } },
                  },
                },
              },
            },
          },
        },
      }),
      fails(
        'too many, untold, of another level, in no VRF',
        {
          vrfs: {
            default: {
              isisInstances: {
                CORE: {
                  interfaces: {
                    Ethernet1: {
                      interfaceType: 'broadcast',
                      intfLevels: { '2': { numAdjacencies: 3, passive: false } },
                    },
                    Loopback0: { interfaceType: 'loopback', intfLevels: { '2': { passive: true } } },
                  },
                },
              },
            },
          },
        },
        `
          Interface: Ethernet1 VRF: default Level: 2 - Neighbor count mismatch - Expected: 1 Actual: 3
          Interface: Ethernet1 VRF: default Level: 1 - Not configured
          Interface: Ethernet1 VRF: PROD Level: 2 - Not configured
        `,
        {
          interfaces: [
            { name: 'Ethernet1', count: 1 },
            { name: 'Loopback0', count: 0 },
            { name: 'Ethernet1', level: 1, count: 3 },
            { name: 'Ethernet1', vrf: 'PROD', count: 3 },
          ],
        },
      ),
      skips('no IS-IS', { vrfs: {} }, noIsis),
    ],
  ),
  ...rowsOf(
    'VerifyISISNeighborState',
    { command: 'show isis neighbors vrf all', empty: 'answered in an unknown shape at vrfs' },
    [
      passes('up in the default VRF', {
        vrfs: {
          default: { isisInstances: { CORE: { neighbors: adjacency('Ethernet1', 'up') } } },
          PROD: { isisInstances: { EDGE: { neighbors: adjacency('Ethernet2', 'down') } } },
        },
      }),
      fails(
        'down in all VRFs',
        {
          vrfs: {
            default: { isisInstances: { CORE: { neighbors: adjacency('Ethernet1', 'init') } } },
            PROD: { isisInstances: { EDGE: { neighbors: adjacency('Ethernet2', 'down') } } },
          },
        },
        `
        Instance: CORE VRF: default Interface: Ethernet1 - Incorrect adjacency state - Expected: up Actual: init
        Instance: EDGE VRF: PROD Interface: Ethernet2 - Incorrect adjacency state - Expected: up Actual: down
      `,
        { check_all_vrfs: true },
      ),
      errs(
        'no state is told',
        core({ neighbors: { '0000.0000.0001': { adjacencies: [{}] } } }),
        '`show isis neighbors vrf all` does not tell vrfs.default.isisInstances.CORE.neighbors.0000.0000.0001.adjacencies.0.state',
      ),
      errs(
        'neighbors in another VRF only',
        { vrfs: { PROD: { isisInstances: { EDGE: { neighbors: adjacency('Ethernet2', 'down') } } } } },
        '`show isis neighbors vrf all` does not tell vrfs.default',
      ),
      skips('no neighbor', core({ neighbors: {} }), 'No IS-IS neighbor detected'),
      skips('no IS-IS', { vrfs: {} }, noIsis),
    ],
  ),
]

const segment = { ipAddress: '192.0.2.3', localIntf: 'Ethernet2', sidOrigin: 'dynamic', level: 2 }

const tiLfa = { type: 'tunnel', tunnelId: { type: 'TI-LFA', index: 4 } }
const viaEthernet1 = { type: 'ip', nexthop: '198.51.100.1', interface: 'Ethernet1' }

/** What the checks of segment routing must say. */
export const segmentRoutingRoutingIsis: readonly Row[] = [
  ...rowsOf(
    'VerifyISISSegmentRoutingAdjacencySegments',
    {
      command: 'show isis segment-routing adjacency-segments',
      empty: 'answered in an unknown shape at vrfs',
      inputs: { instances: [{ name: 'CORE', segments: [{ interface: 'Ethernet2', address: '192.0.2.3' }] }] },
    },
    [
      fails(
        'another origin and level, another interface',
        core({ adjacencySegments: [{ ...segment, sidOrigin: 'configured', level: 1 }] }),
        `
          Instance: CORE VRF: default Local Intf: Ethernet2 Adj IP Address: 192.0.2.3 - Incorrect SID origin - Expected: dynamic Actual: configured
          Instance: CORE VRF: default Local Intf: Ethernet2 Adj IP Address: 192.0.2.3 - Incorrect IS-IS level - Expected: 2 Actual: 1
          Instance: CORE VRF: default Local Intf: Ethernet9 Adj IP Address: 192.0.2.3 - Adjacency segment not found
        `,
        {
          instances: [
            {
              name: 'CORE',
              segments: [
                { interface: 'Ethernet2', address: '192.0.2.3' },
                { interface: 'Ethernet9', address: '192.0.2.3' },
              ],
            },
          ],
        },
      ),
      fails(
        'no segments, and no instance',
        core({ adjacencySegments: [] }),
        `
          Instance: CORE VRF: default - No adjacency segments found
          Instance: EDGE VRF: default - No adjacency segments found
        `,
        {
          instances: [
            { name: 'CORE', segments: [{ interface: 'Ethernet2', address: '192.0.2.3' }] },
            { name: 'EDGE', segments: [{ interface: 'Ethernet2', address: '192.0.2.3' }] },
          ],
        },
      ),
      errs(
        'another VRF than the default one',
        [],
        'the check `VerifyISISSegmentRoutingAdjacencySegments` does not accept its inputs at instances.0: `vrf` must be `default`',
        {
          instances: [{ name: 'CORE', vrf: 'PROD', segments: [{ interface: 'Ethernet2', address: '192.0.2.3' }] }],
        },
      ),
      skips('no IS-IS', { vrfs: {} }, noIsis),
    ],
  ),
  ...rowsOf(
    'VerifyISISSegmentRoutingDataplane',
    {
      command: 'show isis segment-routing',
      empty: 'answered in an unknown shape at vrfs',
      inputs: { instances: [{ name: 'CORE', dataplane: 'mpls' }] },
    },
    [
      passes('MPLS', core({ dataPlane: 'MPLS' })),
      fails(
        'unset',
        core({ dataPlane: 'unset' }),
        'Instance: CORE VRF: default - Data-plane not correctly configured - Expected: UNSET Actual: unset',
        { instances: [{ name: 'CORE', dataplane: 'unset' }] },
      ),
      fails(
        'one that is not told',
        { vrfs: { default: { isisInstances: { EDGE: {} } } } },
        'Instance: EDGE VRF: default - Not configured',
        { instances: [{ name: 'EDGE' }] },
      ),
      errs(
        'another VRF than the default one',
        [],
        'the check `VerifyISISSegmentRoutingDataplane` does not accept its inputs at instances.0: `vrf` must be `default`',
        { instances: [{ name: 'CORE', vrf: 'PROD' }] },
      ),
      skips('no IS-IS', { vrfs: {} }, noIsis),
    ],
  ),
  ...rowsOf(
    'VerifyISISSegmentRoutingTunnels',
    {
      command: 'show isis segment-routing tunnel',
      empty: 'answered in an unknown shape at entries',
      inputs: {
        entries: [
          { endpoint: '192.0.2.122/32' },
          { endpoint: '192.0.2.13', vias: [{ type: 'tunnel', tunnel_id: 'ti-lfa' }] },
          { endpoint: '192.0.2.14/32', vias: [{ nexthop: '198.51.100.1', interface: 'et1' }] },
        ],
      },
    },
    [
      passes('a tunnel, into a tunnel, over an interface', {
        entries: {
          '1': { endpoint: '192.0.2.122/32' },
          '2': { endpoint: '192.0.2.13/32', vias: [viaEthernet1, tiLfa] },
          '3': { endpoint: '192.0.2.14/32', vias: [viaEthernet1] },
        },
      }),
      fails(
        'no tunnel, and each part of a path that differs',
        {
          entries: {
            '2': { endpoint: '192.0.2.13/32', vias: [viaEthernet1] },
            '3': { endpoint: '192.0.2.14/32', vias: [{ ...viaEthernet1, nexthop: '198.51.100.9' }, tiLfa] },
          },
        },
        `
          Endpoint: 192.0.2.122/32 - Tunnel not found
          Endpoint: 192.0.2.13/32 Type: tunnel Tunnel ID: ti-lfa - Tunnel is incorrect
          Endpoint: 192.0.2.14/32 Next-hop: 198.51.100.1 Interface: Ethernet1 - Tunnel is incorrect
        `,
      ),
      fails(
        'one path has what another should',
        {
          entries: {
            '1': { endpoint: '192.0.2.14/32', vias: [viaEthernet1, { type: 'ip', interface: 'Ethernet2' }] },
          },
        },
        `
          Endpoint: 192.0.2.14/32 Next-hop: 198.51.100.1 Type: ip Interface: Ethernet2 - Tunnel is incorrect
          Endpoint: 192.0.2.14/32 Tunnel ID: unset - Tunnel is incorrect
        `,
        {
          entries: [
            {
              endpoint: '192.0.2.14/32',
              vias: [{ nexthop: '198.51.100.1', type: 'ip', interface: 'Ethernet2' }, { tunnel_id: 'unset' }],
            },
          ],
        },
      ),
      skips('no tunnel at all', { entries: {} }, 'IS-IS-SR not configured'),
    ],
  ),
  ...moreOf('VerifyISISSegmentRoutingAdjacencySegments', [
    passes(
      'of the origin and level',
      {
        vrfs: {
          default: {
            isisInstances: {
              CORE: { adjacencySegments: [{ ipAddress: '192.0.2.3', sidOrigin: 'dynamic', level: 2 }] },
            },
          },
        },
      },
      { instances: [{ name: 'CORE', segments: [{ interface: 'Ethernet2', address: '192.0.2.3' }] }] },
    ),
  ]),
]

/** What the checks of `routing.isis` must say. */
export const routingIsisChecks: readonly Row[] = [...adjacenciesRoutingIsis, ...segmentRoutingRoutingIsis]

/** The neighbors of OSPF 100 in the default VRF. */
const neighbors = (...entries: readonly Json[]) => ({
  vrfs: { default: { instList: { '100': { ospfNeighborEntries: entries } } } },
})

const full = {
  interfaceName: 'Ethernet1',
  interfaceAddress: '192.0.2.1',
  adjacencyState: 'full',
  routerId: '192.0.2.99',
  details: { areaId: '0.0.0.0' },
}
const starting = { ...full, interfaceName: 'Ethernet2', interfaceAddress: '192.0.2.3', adjacencyState: 'exchStart' }

const instance = (numLsa: number, maxLsa = 1000) => ({
  maxLsaInformation: { maxLsa, maxLsaThreshold: 75 },
  lsaInformation: { numLsa },
})

const wanted = { instance: 100, ip_address: '192.0.2.1', local_interface: 'et1', area_id: 0 }

/** What the checks of `routing.ospf` must say. */
export const routingOspfChecks: readonly Row[] = [
  ...rowsOf('VerifyOSPFNeighborState', { command: 'show ip ospf neighbor' }, [
    passes('all full', neighbors(full, full)),
    fails(
      'two of three, of two VRFs',
      {
        vrfs: {
          default: { instList: { '100': { ospfNeighborEntries: [full, starting] } } },
          PROD: {
            instList: {
              '200': { ospfNeighborEntries: [{ ...starting, adjacencyState: 'init', routerId: '192.0.2.98' }] },
            },
          },
        },
      },
      `
        Instance: 100 VRF: default Neighbor ID: 192.0.2.99 - Incorrect adjacency state - Expected: Full Actual: exchStart
        Instance: 200 VRF: PROD Neighbor ID: 192.0.2.98 - Incorrect adjacency state - Expected: Full Actual: init
      `,
    ),
    skips('nobody there', neighbors(), 'No OSPF neighbor detected'),
    errs(
      'no neighbors are told',
      { vrfs: { default: { instList: { '100': {} } } } },
      '`show ip ospf neighbor` does not tell vrfs.default.instList.100.ospfNeighborEntries',
    ),
    skips('no OSPF', { vrfs: {} }, 'OSPF not configured'),
    skips('empty', {}, 'OSPF not configured'),
  ]),
  ...rowsOf('VerifyOSPFNeighborCount', { command: 'show ip ospf neighbor', inputs: { number: 2 } }, [
    passes('two full, and one that is not', neighbors(full, starting, full)),
    fails('one full', neighbors(full, starting), 'Neighbor count mismatch - Expected: 2 Actual: 1'),
    skips('nobody there', neighbors(), 'No OSPF neighbor detected', { number: 0 }),
    skips('no OSPF', { vrfs: {} }, 'OSPF not configured'),
    skips('empty', {}, 'OSPF not configured'),
  ]),
  ...rowsOf('VerifyOSPFMaxLSA', { command: 'show ip ospf' }, [
    passes('at the threshold', { vrfs: { default: { instList: { '1': instance(750) } } } }),
    fails(
      'no maximum, which is 0',
      { vrfs: { default: { instList: { '1': instance(9000, 0) } } } },
      'Instance: 1 - Crossed the maximum LSA threshold - Expected: < 0 Actual: 9000',
    ),
    fails(
      'one above it, in each VRF',
      { vrfs: { default: { instList: { '1': instance(751) } }, PROD: { instList: { '2': instance(200, 100) } } } },
      `
        Instance: 1 - Crossed the maximum LSA threshold - Expected: < 750 Actual: 751
        Instance: 2 - Crossed the maximum LSA threshold - Expected: < 75 Actual: 200
      `,
    ),
    fails(
      'no number is told',
      { vrfs: { default: { instList: { '1': { ...instance(0), lsaInformation: {} } } } } },
      'Instance: 1 - Current number of LSAs not found',
    ),
    errs('no instance', { vrfs: { default: { instList: {} } } }, '`show ip ospf`: the answer has no OSPF instance'),
    skips('no OSPF', { vrfs: {} }, 'OSPF not configured'),
    skips('empty', {}, 'OSPF not configured'),
  ]),
  ...rowsOf('VerifyOSPFSpecificNeighbors', { command: 'show ip ospf neighbor', inputs: { neighbors: [wanted] } }, [
    passes(
      'in two-way, in the highest area',
      neighbors({ ...full, adjacencyState: '2Ways', details: { areaId: '255.255.255.255' } }),
      { neighbors: [{ ...wanted, state: '2Ways', area_id: '4294967295' }] },
    ),
    fails(
      'of another area and in another state, on another interface, of another instance, in no VRF',
      neighbors(starting, full),
      `
        Instance: 100 VRF: default Neighbor IP: 192.0.2.3 Area: 0.0.1.0 - Area-ID mismatch - Expected: 0.0.1.0 Actual: 0.0.0.0
        Instance: 100 VRF: default Neighbor IP: 192.0.2.1 Area: 0.0.0.0 - Neighbor not found
        Instance: 200 VRF: default Neighbor IP: 192.0.2.1 Area: 0.0.0.0 - Neighbor not found
        Instance: 100 VRF: PROD Neighbor IP: 192.0.2.1 Area: 0.0.0.0 - Neighbor not found
      `,
      {
        neighbors: [
          { ...wanted, ip_address: '192.0.2.3', local_interface: 'Ethernet2', area_id: 256 },
          { ...wanted, local_interface: 'Ethernet9' },
          { ...wanted, instance: 200 },
          { ...wanted, vrf: 'PROD' },
        ],
      },
    ),
    fails('no OSPF', { vrfs: {} }, 'OSPF not configured'),
    errs(
      'no area is told',
      neighbors({ ...full, details: {} }),
      '`show ip ospf neighbor` does not tell vrfs.default.instList.100.ospfNeighborEntries.0.details.areaId',
    ),
    fails('empty', {}, 'OSPF not configured'),
  ]),
]

const up = { status: 'up', remoteDisc: 77 }

/** What the switch tells of one IPv4 session over several hops in the default VRF. */
const session = (told: Json) => ({
  vrfs: { default: { ipv4Neighbors: { '192.0.2.8': { peerStats: { '': told } } }, ipv6Neighbors: {} } },
})

const overEthernet3 = (told: Json) => ({
  vrfs: { PROD: { ipv4Neighbors: {}, ipv6Neighbors: { '2001:db8::1': { peerStats: { Ethernet3: told } } } } },
})

const unsupported = { errors: ['Command not supported on this hardware platform'] }

const timers = { peer_address: '192.0.2.8', tx_interval: 300, rx_interval: 300, multiplier: 3 }

/** What the checks of `bfd` must say. */
export const bfdChecks: readonly Row[] = [
  ...rowsOf(
    'VerifyBFDSpecificPeers',
    { command: 'show bfd peers', inputs: { bfd_peers: [{ peer_address: '192.0.2.8' }] } },
    [
      passes('a session over one hop, its address and interface written otherwise', overEthernet3(up), {
        bfd_peers: [{ peer_address: '2001:DB8:0::1', vrf: 'PROD', interface: 'eth3' }],
      }),
      fails(
        'a session over one hop is not one over several',
        overEthernet3(up),
        'Peer: 2001:db8::1 VRF: PROD - Not found',
        { bfd_peers: [{ peer_address: '2001:db8::1', vrf: 'PROD', interface: null }] },
      ),
      fails(
        'down, unknown to the other side, and gone',
        {
          vrfs: {
            default: {
              ipv4Neighbors: {
                '192.0.2.8': { peerStats: { '': { status: 'down', remoteDisc: 77 } } },
                '192.0.2.9': { peerStats: { '': { status: 'up', remoteDisc: 0 } } },
              },
            },
          },
        },
        `
          Peer: 192.0.2.8 VRF: default - Session not properly established - State: down Remote Discriminator: 77
          Peer: 192.0.2.9 VRF: default - Session not properly established - State: up Remote Discriminator: 0
          Peer: 192.0.2.10 VRF: constructor - Not found
        `,
        {
          bfd_peers: [
            { peer_address: '192.0.2.8' },
            { peer_address: '192.0.2.9' },
            { peer_address: '192.0.2.10', vrf: 'constructor' },
          ],
        },
      ),
      skips(
        'a platform without BFD',
        unsupported,
        '`show bfd peers` was refused: Command not supported on this hardware platform',
      ),
      fails('empty', {}, 'Peer: 192.0.2.8 VRF: default - Not found'),
    ],
  ),
  ...rowsOf(
    'VerifyBFDPeersIntervals',
    { command: 'show bfd peers detail', inputs: { bfd_peers: [{ ...timers, detection_time: 900 }] } },
    [
      passes(
        'no detection time asked for',
        session({
          peerStatsDetail: { operTxInterval: 300000, operRxInterval: 300000, detectMult: 3, detectTime: 7 },
        }),
        { bfd_peers: [timers] },
      ),
      fails(
        'every timer differs',
        session({
          peerStatsDetail: { operTxInterval: 50000, operRxInterval: 60000, detectMult: 5, detectTime: 300000 },
        }),
        `
          Peer: 192.0.2.8 VRF: default - Incorrect Transmit interval - Expected: 300 Actual: 50
          Peer: 192.0.2.8 VRF: default - Incorrect Receive interval - Expected: 300 Actual: 60
          Peer: 192.0.2.8 VRF: default - Incorrect Multiplier - Expected: 3 Actual: 5
          Peer: 192.0.2.8 VRF: default - Incorrect Detection Time - Expected: 900 Actual: 300
        `,
      ),
      fails('no session', { vrfs: { default: {} } }, 'Peer: 192.0.2.8 VRF: default - Not found'),
      errs(
        'no multiplier to judge by',
        session(up),
        'the check `VerifyBFDPeersIntervals` does not accept its inputs at bfd_peers.0.multiplier: ' +
          'Invalid input: expected number, received undefined',
        { bfd_peers: [{ peer_address: '192.0.2.8', tx_interval: 300, rx_interval: 300 }] },
      ),
      fails('empty', {}, 'Peer: 192.0.2.8 VRF: default - Not found'),
    ],
  ),
  ...rowsOf(
    'VerifyBFDPeersRegProtocols',
    {
      command: 'show bfd peers detail',
      inputs: { bfd_peers: [{ peer_address: '192.0.2.8', protocols: ['pim', 'bgp'] }] },
    },
    [
      passes('both, and another', session({ peerStatsDetail: { apps: ['bgp', 'ospf', 'pim'] } })),
      fails(
        'one is missing',
        session({ peerStatsDetail: { apps: ['bgp'] } }),
        'Peer: 192.0.2.8 VRF: default - pim protocol not registered',
      ),
      fails(
        'both are missing, in the order of the alphabet',
        session({ peerStatsDetail: {} }),
        'Peer: 192.0.2.8 VRF: default - bgp, pim protocols not registered',
      ),
      fails('no session', { vrfs: {} }, 'Peer: 192.0.2.8 VRF: default - Not found'),
      fails('empty', {}, 'Peer: 192.0.2.8 VRF: default - Not found'),
    ],
  ),
  ...rowsOf('VerifyBFDPeersHealth', { command: 'show bfd peers' }, [
    passes('down two hours ago, to the second', [session({ ...up, lastDown: 12800 }), { utcTime: 20000 }], {
      down_threshold: 2,
    }),
    passes('never down', [session({ ...up, lastDown: null }), { utcTime: 20000 }], { down_threshold: 2 }),
    fails(
      'down, of both families',
      [
        {
          vrfs: {
            PROD: {
              ipv6Neighbors: { '2001:db8::1': { peerStats: { Ethernet3: { status: 'down', remoteDisc: 0 } } } },
              ipv4Neighbors: { '192.0.2.8': { peerStats: { '': { status: 'adminDown', remoteDisc: 0 } } } },
            },
          },
        },
        { utcTime: 20000 },
      ],
      [
        'Peer: 192.0.2.8 VRF: PROD - Session not properly established - State: adminDown Remote Discriminator: 0',
        'Peer: 2001:db8::1 VRF: PROD Interface: Ethernet3 - ' +
          'Session not properly established - State: down Remote Discriminator: 0',
      ],
    ),
    fails(
      'down now, and so lately',
      [session({ status: 'down', remoteDisc: 0, lastDown: 16400 }), { utcTime: 20000 }],
      `
        Peer: 192.0.2.8 VRF: default - Session not properly established - State: down Remote Discriminator: 0
        Peer: 192.0.2.8 VRF: default - Session failure detected within the expected uptime threshold (1 hours ago)
      `,
      { down_threshold: 2 },
    ),
    fails(
      'nobody there',
      [{ vrfs: { default: { ipv4Neighbors: {}, ipv6Neighbors: {} } } }, { utcTime: 20000 }],
      'No IPv4 or IPv6 BFD peers configured for any VRF',
    ),
    errs('empty', [{}, {}], '`show clock` answered in an unknown shape at utcTime'),
  ]),
]

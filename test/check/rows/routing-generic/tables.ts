import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const routing = {
  v4RoutingEnabled: true,
  v6RoutingEnabled: false,
  multicastRouting: { ipMulticastEnabled: false, ip6MulticastEnabled: false },
}

/** What the checks of whole routing tables, and of routing as such, must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyRoutingProtocolModel', { command: 'show ip route summary', inputs: { model: 'multi-agent' } }, [
    passes('multi-agent', [
      { protoModelStatus: { configuredProtoModel: 'multi-agent', operatingProtoModel: 'multi-agent' } },
    ]),
    fails(
      'the other model',
      [{ protoModelStatus: { configuredProtoModel: 'ribd', operatingProtoModel: 'ribd' } }],
      ['Routing model is misconfigured - Expected: multi-agent Actual: ribd'],
    ),
    fails(
      'configured, and the switch not reloaded',
      [{ protoModelStatus: { configuredProtoModel: 'multi-agent', operatingProtoModel: 'ribd' } }],
      ['Routing model is misconfigured - Expected: multi-agent Actual: ribd'],
    ),
    fails(
      'operates still, and the next reload changes it',
      [{ protoModelStatus: { configuredProtoModel: 'ribd', operatingProtoModel: 'multi-agent' } }],
      ['Routing model is misconfigured - Expected: multi-agent Actual: multi-agent'],
    ),
    errs(
      'no model is told',
      [{ protoModelStatus: {} }],
      '`show ip route summary` answered in an unknown shape at protoModelStatus.configuredProtoModel',
    ),
    errs('empty', [{}], '`show ip route summary` answered in an unknown shape at protoModelStatus'),
  ]),
  ...rowsOf(
    'VerifyRoutingTableSize',
    { command: 'show ip route vrf all summary', inputs: { minimum: 2, maximum: 10 } },
    [
      passes('both bounds are within', [{ vrfs: { default: { totalRoutes: 10 } } }]),
      fails(
        'every source',
        [
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
        ],
        ['VRF: PROD Route Source: OSPFv3 - Routes below minimum - Expected: >= 3 Actual: 0'],
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
        [{ vrfs: { default: { ospfCounts: { ospfTotal: 3 }, isisCounts: { isisTotal: 11 }, static: 1 } } }],
        [
          'VRF: default Route Source: OSPF - Routes below minimum - Expected: >= 4 Actual: 3',
          'VRF: default Route Source: Static - Routes below minimum - Expected: >= 2 Actual: 1',
          'VRF: default Route Source: ISIS - Routes above maximum - Expected: <= 10 Actual: 11',
          'VRF: PROD Route Source: BGP - VRF not configured',
          'VRF: PROD Route Source: Static - VRF not configured',
        ],
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
      fails('no default VRF', [{ vrfs: {} }], ['VRF: default Route Source: Total Routes - VRF not configured']),
      errs(
        'bounds that nothing is within',
        [{ vrfs: { default: { totalRoutes: 5 } } }],
        'the check `VerifyRoutingTableSize` does not accept its inputs: expected a minimum that is not above its maximum',
        { minimum: 10, maximum: 20, vrfs: [{ route_sources: [{ source: 'bgp', maximum: 5 }] }] },
      ),
      errs('empty', [{}], '`show ip route vrf all summary` answered in an unknown shape at vrfs'),
    ],
  ),
  ...rowsOf('VerifyRoutingStatus', { command: 'show ip', inputs: { ipv4_unicast: true } }, [
    passes('IPv4 alone', [routing]),
    passes(
      'all of them',
      [
        {
          v4RoutingEnabled: true,
          v6RoutingEnabled: true,
          v6IntfForwarding: true,
          multicastRouting: { ipMulticastEnabled: true, ip6MulticastEnabled: true },
        },
      ],
      { ipv4_unicast: true, ipv6_unicast: true, ipv4_multicast: true, ipv6_multicast: true, ipv6_interfaces: true },
    ),
    fails(
      'everything the other way round',
      [
        {
          v4RoutingEnabled: false,
          v6RoutingEnabled: true,
          v6IntfForwarding: true,
          multicastRouting: { ipMulticastEnabled: true, ip6MulticastEnabled: true },
        },
      ],
      [
        'IPv4 unicast routing enabled status mismatch - Expected: True Actual: False',
        'IPv6 unicast routing enabled status mismatch - Expected: False Actual: True',
        'IPv4 multicast routing enabled status mismatch - Expected: False Actual: True',
        'IPv6 multicast routing enabled status mismatch - Expected: False Actual: True',
        'IPv6 interfaces routing enabled status mismatch - Expected: False Actual: True',
      ],
    ),
    errs('empty', [{}], '`show ip` answered in an unknown shape at v4RoutingEnabled'),
  ]),
]

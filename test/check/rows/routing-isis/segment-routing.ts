import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf, skips } from '../rows-of.ts'
import { core, noIsis } from './core.ts'

const segment = { ipAddress: '192.0.2.3', localIntf: 'Ethernet2', sidOrigin: 'dynamic', level: 2 }

const tiLfa = { type: 'tunnel', tunnelId: { type: 'TI-LFA', index: 4 } }
const viaEthernet1 = { type: 'ip', nexthop: '198.51.100.1', interface: 'Ethernet1' }

/** What the checks of segment routing must say. */
export const rows: readonly Row[] = [
  ...rowsOf(
    'VerifyISISSegmentRoutingAdjacencySegments',
    {
      command: 'show isis segment-routing adjacency-segments',
      inputs: { instances: [{ name: 'CORE', segments: [{ interface: 'Ethernet2', address: '192.0.2.3' }] }] },
    },
    [
      fails(
        'the first of two to one neighbor counts',
        [core({ adjacencySegments: [{ ...segment, sidOrigin: 'configured', level: 1 }, segment] })],
        [
          'Instance: CORE VRF: default Local Intf: Ethernet2 Adj IP Address: 192.0.2.3 - Incorrect SID origin - Expected: dynamic Actual: configured',
          'Instance: CORE VRF: default Local Intf: Ethernet2 Adj IP Address: 192.0.2.3 - Incorrect IS-IS level - Expected: 2 Actual: 1',
        ],
      ),
      fails(
        'another origin and level, another interface',
        [core({ adjacencySegments: [{ ...segment, sidOrigin: 'configured', level: 1 }] })],
        [
          'Instance: CORE VRF: default Local Intf: Ethernet2 Adj IP Address: 192.0.2.3 - Incorrect SID origin - Expected: dynamic Actual: configured',
          'Instance: CORE VRF: default Local Intf: Ethernet2 Adj IP Address: 192.0.2.3 - Incorrect IS-IS level - Expected: 2 Actual: 1',
          'Instance: CORE VRF: default Local Intf: Ethernet9 Adj IP Address: 192.0.2.3 - Adjacency segment not found',
        ],
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
        [core({ adjacencySegments: [] })],
        [
          'Instance: CORE VRF: default - No adjacency segments found',
          'Instance: EDGE VRF: default - No adjacency segments found',
        ],
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
      skips('no IS-IS', [{ vrfs: {} }], noIsis),
      errs('empty', [{}], '`show isis segment-routing adjacency-segments` answered in an unknown shape at vrfs'),
    ],
  ),
  ...rowsOf(
    'VerifyISISSegmentRoutingDataplane',
    { command: 'show isis segment-routing', inputs: { instances: [{ name: 'CORE', dataplane: 'mpls' }] } },
    [
      passes('MPLS', [core({ dataPlane: 'MPLS' })]),
      fails(
        'unset',
        [core({ dataPlane: 'unset' })],
        ['Instance: CORE VRF: default - Data-plane not correctly configured - Expected: UNSET Actual: unset'],
        { instances: [{ name: 'CORE', dataplane: 'unset' }] },
      ),
      fails(
        'another, and no instance',
        [{ vrfs: { default: { isisInstances: { CORE: { dataPlane: 'MPLS' } } } } }],
        [
          'Instance: CORE VRF: default - Data-plane not correctly configured - Expected: UNSET Actual: MPLS',
          'Instance: EDGE VRF: default - Not configured',
        ],
        { instances: [{ name: 'CORE', dataplane: 'unset' }, { name: 'EDGE' }] },
      ),
      fails(
        'one that is not told',
        [{ vrfs: { default: { isisInstances: { EDGE: {} } } } }],
        ['Instance: EDGE VRF: default - Not configured'],
        { instances: [{ name: 'EDGE' }] },
      ),
      errs(
        'another VRF than the default one',
        [],
        'the check `VerifyISISSegmentRoutingDataplane` does not accept its inputs at instances.0: `vrf` must be `default`',
        { instances: [{ name: 'CORE', vrf: 'PROD' }] },
      ),
      skips('no IS-IS', [{ vrfs: {} }], noIsis),
      errs('empty', [{}], '`show isis segment-routing` answered in an unknown shape at vrfs'),
    ],
  ),
  ...rowsOf(
    'VerifyISISSegmentRoutingTunnels',
    {
      command: 'show isis segment-routing tunnel',
      inputs: {
        entries: [
          { endpoint: '192.0.2.122/32' },
          { endpoint: '192.0.2.13', vias: [{ type: 'tunnel', tunnel_id: 'ti-lfa' }] },
          { endpoint: '192.0.2.14/32', vias: [{ nexthop: '198.51.100.1', interface: 'et1' }] },
        ],
      },
    },
    [
      passes('a tunnel, into a tunnel, over an interface', [
        {
          entries: {
            '1': { endpoint: '192.0.2.122/32' },
            '2': { endpoint: '192.0.2.13/32', vias: [viaEthernet1, tiLfa] },
            '3': { endpoint: '192.0.2.14/32', vias: [viaEthernet1] },
          },
        },
      ]),
      fails(
        'no tunnel, and each part of a path that differs',
        [
          {
            entries: {
              '2': { endpoint: '192.0.2.13/32', vias: [viaEthernet1] },
              '3': { endpoint: '192.0.2.14/32', vias: [{ ...viaEthernet1, nexthop: '198.51.100.9' }, tiLfa] },
            },
          },
        ],
        [
          'Endpoint: 192.0.2.122/32 - Tunnel not found',
          'Endpoint: 192.0.2.13/32 Type: tunnel Tunnel ID: ti-lfa - Tunnel is incorrect',
          'Endpoint: 192.0.2.14/32 Next-hop: 198.51.100.1 Interface: Ethernet1 - Tunnel is incorrect',
        ],
      ),
      fails(
        'one path has what another should',
        [
          {
            entries: {
              '1': { endpoint: '192.0.2.14/32', vias: [viaEthernet1, { type: 'ip', interface: 'Ethernet2' }] },
            },
          },
        ],
        [
          'Endpoint: 192.0.2.14/32 Next-hop: 198.51.100.1 Type: ip Interface: Ethernet2 - Tunnel is incorrect',
          'Endpoint: 192.0.2.14/32 Tunnel ID: unset - Tunnel is incorrect',
        ],
        {
          entries: [
            {
              endpoint: '192.0.2.14/32',
              vias: [{ nexthop: '198.51.100.1', type: 'ip', interface: 'Ethernet2' }, { tunnel_id: 'unset' }],
            },
          ],
        },
      ),
      skips('no tunnel at all', [{ entries: {} }], 'IS-IS-SR not configured'),
      errs('empty', [{}], '`show isis segment-routing tunnel` answered in an unknown shape at entries'),
    ],
  ),
  {
    check: 'VerifyISISSegmentRoutingAdjacencySegments',
    name: 'of the origin and level',
    inputs: { instances: [{ name: 'CORE', segments: [{ interface: 'Ethernet2', address: '192.0.2.3' }] }] },
    outputs: [
      {
        vrfs: {
          default: {
            isisInstances: {
              CORE: { adjacencySegments: [{ ipAddress: '192.0.2.3', sidOrigin: 'dynamic', level: 2 }] },
            },
          },
        },
      },
    ],
    result: 'success',
  },
]

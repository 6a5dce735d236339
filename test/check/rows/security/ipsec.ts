import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const connection = (saddr: string, daddr: string, tunnelNs: string, ...states: readonly string[]) => ({
  saddr,
  daddr,
  tunnelNs,
  pathDict: Object.fromEntries(states.map((state, index) => [`path${index + 1}`, state])),
})

const up = connection('198.51.100.1', '203.0.113.1', 'default', 'Established')
const down = connection('198.51.100.2', '203.0.113.2', 'default', 'Established', 'Idle')

const one = { ip_security_connections: [{ peer: '192.0.2.1' }] }

const given = {
  ip_security_connections: [
    {
      peer: '192.0.2.1',
      description: 'hub',
      vrf: 'default',
      connections: [
        { source_address: '198.51.100.2', destination_address: '203.0.113.2' },
        { source_address: '198.51.100.1', destination_address: '203.0.113.1' },
      ],
    },
  ],
}

/** What the checks of IPsec must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyIPSecConnHealth', { command: 'show ip security connection vrf all' }, [
    passes('all established', [
      { connections: { a: up, b: connection('198.51.100.9', '203.0.113.9', 'WAN', 'Established') } },
    ]),
    fails(
      'one path is idle',
      [{ connections: { a: down, b: up } }],
      ['Source: 198.51.100.2 Destination: 203.0.113.2 VRF: default - IPv4 security connection not established'],
    ),
    errs(
      'a connection without paths',
      [{ connections: { a: up, c: connection('198.51.100.3', '203.0.113.3', 'WAN') } }],
      '`show ip security connection vrf all` does not tell connections.c.pathDict',
    ),
    fails('none', [{ connections: {} }], ['No IPv4 security connection configured']),
    errs('empty', [{}], '`show ip security connection vrf all` answered in an unknown shape at connections'),
  ]),
  ...rowsOf(
    'VerifySpecificIPSecConn',
    { command: 'show ip security connection vrf default path peer 192.0.2.1', inputs: one },
    [
      passes('all of the peer', [{ connections: { a: up } }]),
      passes('no connection given', [{ connections: { a: up } }], {
        ip_security_connections: [{ peer: '192.0.2.1', connections: [] }],
      }),
      passes('the given one, another is down', [{ connections: { a: down, b: up } }], {
        ip_security_connections: [
          {
            peer: '192.0.2.1',
            connections: [{ source_address: '198.51.100.1', destination_address: '203.0.113.1' }],
          },
        ],
      }),
      fails(
        'no connection given, and one of the peer is down',
        [{ connections: { a: up, b: down } }],
        [
          'Peer: 192.0.2.1 VRF: default Source: 198.51.100.2 Destination: 203.0.113.2 - Connection down - Expected: Established Actual: Idle',
        ],
        { ip_security_connections: [{ peer: '192.0.2.1', connections: [] }] },
      ),
      fails(
        'one of the peer is down',
        [{ connections: { a: up, b: down } }],
        [
          'Peer: 192.0.2.1 VRF: default Source: 198.51.100.2 Destination: 203.0.113.2 - Connection down - Expected: Established Actual: Idle',
        ],
      ),
      fails(
        'one given is down, one is of another VRF',
        [{ connections: { a: connection('198.51.100.1', '203.0.113.1', 'WAN', 'Established'), b: down } }],
        [
          'Peer: 192.0.2.1 (hub) VRF: default Source: 198.51.100.2 Destination: 203.0.113.2 - Connection down - Expected: Established Actual: Idle',
          'Peer: 192.0.2.1 (hub) VRF: default Source: 198.51.100.1 Destination: 203.0.113.1 - Connection not found',
        ],
        given,
      ),
      fails(
        'a peer with a description has none',
        [{ connections: {} }],
        ['Peer: 192.0.2.1 (hub) VRF: default - Not configured'],
        given,
      ),
      errs(
        'empty',
        [{}],
        '`show ip security connection vrf default path peer 192.0.2.1` answered in an unknown shape at connections',
      ),
    ],
  ),
]

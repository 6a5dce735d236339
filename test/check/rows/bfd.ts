import type { Json } from '../../../src/model/json.ts'
import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf, skips } from './rows-of.ts'

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
export const rows: readonly Row[] = [
  ...rowsOf(
    'VerifyBFDSpecificPeers',
    { command: 'show bfd peers', inputs: { bfd_peers: [{ peer_address: '192.0.2.8' }] } },
    [
      passes('a session over several hops', [session(up)]),
      passes('a session over one hop, its address and interface written otherwise', [overEthernet3(up)], {
        bfd_peers: [{ peer_address: '2001:DB8:0::1', vrf: 'PROD', interface: 'eth3' }],
      }),
      fails(
        'a session over one hop is not one over several',
        [overEthernet3(up)],
        ['Peer: 2001:db8::1 VRF: PROD - Not found'],
        { bfd_peers: [{ peer_address: '2001:db8::1', vrf: 'PROD', interface: null }] },
      ),
      fails(
        'down, unknown to the other side, and gone',
        [
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
        ],
        [
          'Peer: 192.0.2.8 VRF: default - Session not properly established - State: down Remote Discriminator: 77',
          'Peer: 192.0.2.9 VRF: default - Session not properly established - State: up Remote Discriminator: 0',
          'Peer: 192.0.2.10 VRF: constructor - Not found',
        ],
        {
          bfd_peers: [
            { peer_address: '192.0.2.8' },
            { peer_address: '192.0.2.9' },
            { peer_address: '192.0.2.10', vrf: 'constructor' },
          ],
        },
      ),
      errs(
        'a session of which nothing is told',
        [session({})],
        '`show bfd peers` does not tell vrfs.default.ipv4Neighbors.192.0.2.8.peerStats..status',
      ),
      skips(
        'a platform without BFD',
        [unsupported],
        '`show bfd peers` was refused: Command not supported on this hardware platform',
      ),
      fails('empty', [{}], ['Peer: 192.0.2.8 VRF: default - Not found']),
    ],
  ),
  ...rowsOf(
    'VerifyBFDPeersIntervals',
    { command: 'show bfd peers detail', inputs: { bfd_peers: [{ ...timers, detection_time: 900 }] } },
    [
      passes('all timers', [
        session({
          peerStatsDetail: { operTxInterval: 300000, operRxInterval: 300000, detectMult: 3, detectTime: 900000 },
        }),
      ]),
      passes(
        'no detection time asked for',
        [
          session({
            peerStatsDetail: { operTxInterval: 300000, operRxInterval: 300000, detectMult: 3, detectTime: 7 },
          }),
        ],
        { bfd_peers: [timers] },
      ),
      fails(
        'every timer differs',
        [
          session({
            peerStatsDetail: { operTxInterval: 50000, operRxInterval: 60000, detectMult: 5, detectTime: 300000 },
          }),
        ],
        [
          'Peer: 192.0.2.8 VRF: default - Incorrect Transmit interval - Expected: 300 Actual: 50',
          'Peer: 192.0.2.8 VRF: default - Incorrect Receive interval - Expected: 300 Actual: 60',
          'Peer: 192.0.2.8 VRF: default - Incorrect Multiplier - Expected: 3 Actual: 5',
          'Peer: 192.0.2.8 VRF: default - Incorrect Detection Time - Expected: 900 Actual: 300',
        ],
      ),
      errs(
        'no timers are told',
        [session({ status: 'up' })],
        '`show bfd peers detail` does not tell vrfs.default.ipv4Neighbors.192.0.2.8.peerStats..peerStatsDetail',
      ),
      fails('no session', [{ vrfs: { default: {} } }], ['Peer: 192.0.2.8 VRF: default - Not found']),
      errs(
        'no multiplier to judge by',
        [session(up)],
        'the check `VerifyBFDPeersIntervals` does not accept its inputs at bfd_peers.0.multiplier: ' +
          'Invalid input: expected number, received undefined',
        { bfd_peers: [{ peer_address: '192.0.2.8', tx_interval: 300, rx_interval: 300 }] },
      ),
      fails('empty', [{}], ['Peer: 192.0.2.8 VRF: default - Not found']),
    ],
  ),
  ...rowsOf(
    'VerifyBFDPeersRegProtocols',
    {
      command: 'show bfd peers detail',
      inputs: { bfd_peers: [{ peer_address: '192.0.2.8', protocols: ['pim', 'bgp'] }] },
    },
    [
      passes('both, and another', [session({ peerStatsDetail: { apps: ['bgp', 'ospf', 'pim'] } })]),
      fails(
        'one is missing',
        [session({ peerStatsDetail: { apps: ['bgp'] } })],
        ['Peer: 192.0.2.8 VRF: default - pim protocol not registered'],
      ),
      fails(
        'both are missing, in the order of the alphabet',
        [session({ peerStatsDetail: {} })],
        ['Peer: 192.0.2.8 VRF: default - bgp, pim protocols not registered'],
      ),
      fails('no session', [{ vrfs: {} }], ['Peer: 192.0.2.8 VRF: default - Not found']),
      fails('empty', [{}], ['Peer: 192.0.2.8 VRF: default - Not found']),
    ],
  ),
  ...rowsOf('VerifyBFDPeersHealth', { command: 'show bfd peers' }, [
    passes('all up', [session(up), { utcTime: 20000 }]),
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
      [
        'Peer: 192.0.2.8 VRF: default - Session not properly established - State: down Remote Discriminator: 0',
        'Peer: 192.0.2.8 VRF: default - Session failure detected within the expected uptime threshold (1 hours ago)',
      ],
      { down_threshold: 2 },
    ),
    errs(
      'the last failure is not told',
      [session(up), { utcTime: 20000 }],
      '`show bfd peers` does not tell vrfs.default.ipv4Neighbors.192.0.2.8.peerStats..lastDown',
      { down_threshold: 2 },
    ),
    fails(
      'nobody there',
      [{ vrfs: { default: { ipv4Neighbors: {}, ipv6Neighbors: {} } } }, { utcTime: 20000 }],
      ['No IPv4 or IPv6 BFD peers configured for any VRF'],
    ),
    errs('no clock', [session(up), {}], '`show clock` answered in an unknown shape at utcTime'),
    errs('empty', [{}, {}], '`show clock` answered in an unknown shape at utcTime'),
  ]),
]

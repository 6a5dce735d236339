import type { Json } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const peer = (peerIpAddr: string, condition: string, stratumLevel: number): Json => ({
  peerIpAddr,
  condition,
  stratumLevel,
})

const servers = {
  ntp_servers: [
    { server_address: '192.0.2.1', preferred: true, stratum: 1 },
    { server_address: 'ntp2.example.com', stratum: 2 },
  ],
}
const pool = {
  ntp_pool: { server_addresses: ['192.0.2.1', 'ntp2.example.com'], preferred_stratum_range: [1, 2] },
}

const followed: Json = {
  peers: {
    '192.0.2.1 (ntp1.example.com)': peer('192.0.2.1', 'sys.peer', 1),
    'ntp2.example.com': peer('192.0.2.2', 'candidate', 2),
  },
}

const noServers = 'the check `VerifyNTPAssociations` does not accept its inputs: expected `ntp_servers` or `ntp_pool`'

/** What the checks of the clock must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyNTP', { command: 'show ntp status' }, [
    passes('synchronised', ['synchronised to NTP server (192.0.2.1) at stratum 2\n   time correct to within 9 ms\n']),
    fails(
      'not synchronised',
      ['unsynchronised\npoll interval unknown\n'],
      ['NTP status mismatch - Expected: synchronised Actual: unsynchronised'],
    ),
    fails(
      'disabled',
      ['NTP is disabled.\n'],
      ['NTP status mismatch - Expected: synchronised Actual: NTP is disabled.'],
    ),
    fails('empty', [''], ['NTP status mismatch - Expected: synchronised Actual: ']),
  ]),
  ...rowsOf('VerifyNTPAssociations', { command: 'show ntp associations', inputs: servers }, [
    passes('servers, by address and by name', [followed]),
    fails(
      'a server by the name behind its address is not found',
      [followed],
      ['NTP Server: ntp1.example.com Preferred: True Stratum: 1 - Not configured'],
      {
        ntp_servers: [{ server_address: 'ntp1.example.com', preferred: true, stratum: 1 }],
      },
    ),
    passes('a pool', [followed], pool),
    fails(
      'servers: another condition and stratum, one that tells nothing, one that is not there',
      [
        {
          peers: {
            '192.0.2.1': { peerIpAddr: '192.0.2.1', condition: 'candidate', stratumLevel: 3 },
            'ntp2.example.com': { peerIpAddr: '192.0.2.98' },
          },
        },
      ],
      [
        'NTP Server: 192.0.2.1 Preferred: True Stratum: 1 - Incorrect condition - Expected: sys.peer Actual: candidate',
        'NTP Server: 192.0.2.1 Preferred: True Stratum: 1 - Incorrect stratum level - Expected: 1 Actual: 3',
        'NTP Server: ntp2.example.com Preferred: False Stratum: 2 - Incorrect condition - Expected: candidate Actual: None',
        'NTP Server: ntp2.example.com Preferred: False Stratum: 2 - Incorrect stratum level - Expected: 2 Actual: None',
        'NTP Server: 192.0.2.3 Preferred: False Stratum: 2 - Not configured',
      ],
      { ntp_servers: [...servers.ntp_servers, { server_address: '192.0.2.3', stratum: 2 }] },
    ),
    fails(
      'a pool: a server of another, a condition, a stratum that is too high, one that is not told',
      [
        {
          peers: {
            'ntp9.example.com': { peerIpAddr: '192.0.2.9', condition: 'sys.peer', stratumLevel: 1 },
            'ntp1.example.com': { peerIpAddr: '192.0.2.1', condition: 'reject', stratumLevel: 3 },
            'ntp2.example.com': { condition: 'candidate', peerIpAddr: '192.0.2.98', stratumLevel: 1 },
          },
        },
      ],
      [
        'NTP Server: 192.0.2.9 Hostname: ntp9.example.com - Associated but not part of the provided NTP pool',
        'NTP Server: 192.0.2.1 Hostname: ntp1.example.com - Incorrect condition  - Expected: sys.peer, candidate Actual: reject',
        'NTP Server: 192.0.2.1 Hostname: ntp1.example.com - Incorrect stratum level - Expected Stratum Range: 1 to 2 Actual: 3',
      ],
      pool,
    ),
    errs('neither servers nor a pool', [], noServers, {}),
    errs('both', [], `${noServers}, not both`, { ...servers, ...pool }),
    fails('empty', [{ peers: {} }], ['No NTP peers configured']),
    fails('an empty pool', [{ peers: {} }], ['No NTP peers configured'], pool),
  ]),
]

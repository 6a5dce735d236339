import type { SnapshotRow } from './row.ts'
import {
  borderLeaf1,
  borderLeaf2,
  evpnLeaf1A,
  evpnSpine1,
  evpnSpine2,
  evpnSvc3A,
  leaf1On421,
  leaf2,
  leaf3On421,
  np1,
  r1On436,
  r2On436,
  r3On418,
  r4On418,
  sender,
  spine1,
  spine1On421,
  spine2On421,
} from './switches.ts'

const peers = (...addresses: readonly string[]) => ({
  bgp_peers: addresses.map((peer_address) => ({ peer_address, vrf: 'default' })),
})

/** Sessions and TTL: `show ip bgp neighbors vrf all`. */
const sessions: readonly SnapshotRow[] = [
  leaf2.passes('VerifyBGPPeerSessionRibd', peers('10.0.0.25', '10.0.0.27')),
  spine1On421.passes('VerifyBGPPeerSessionRibd', {
    check_tcp_queues: false,
    minimum_established_time: 2565,
    ...peers('10.10.11.2', '10.10.100.2'),
  }),
  borderLeaf1.fails(
    'VerifyBGPPeerSessionRibd',
    peers('10.0.0.1', '10.0.0.5', '10.0.0.99'),
    'Peer: 10.0.0.5 VRF: default - Incorrect session state - Expected: Established Actual: Active',
    'Peer: 10.0.0.99 VRF: default - Not found',
  ),
  sender.fails(
    'VerifyBGPPeerSessionRibd',
    { bgp_peers: [{ peer_address: '10.12.11.2', vrf: 'MGMT' }] },
    'Peer: 10.12.11.2 VRF: MGMT - Not found',
  ),
  r2On436.fails(
    'VerifyBGPPeerSessionRibd',
    { minimum_established_time: 60, ...peers('10.0.0.0') },
    'Peer: 10.0.0.0 VRF: default - BGP session not established for the minimum required duration - Expected: 60s Actual: 56s',
  ),
  evpnSpine1.fails(
    'VerifyBGPPeerSessionRibd',
    { minimum_established_time: 1400, ...peers('172.31.255.1', '172.31.255.5', '192.168.255.3') },
    'Peer: 172.31.255.1 VRF: default - BGP session not established for the minimum required duration - Expected: 1400s Actual: 1364s',
    'Peer: 192.168.255.3 VRF: default - BGP session not established for the minimum required duration - Expected: 1400s Actual: 1359s',
  ),
  // 4.21 tells no queues: nothing says that they are empty.
  spine1On421.fails(
    'VerifyBGPPeerSessionRibd',
    peers('10.10.11.2'),
    'Peer: 10.10.11.2 VRF: default - Session message queues not found',
  ),
  r3On418.errs(
    'VerifyBGPPeerSessionRibd',
    peers('10.34.11.2'),
    '`show ip bgp neighbors vrf all` was refused: This is an unconverted command',
  ),

  spine1.passes('VerifyBGPPeersHealthRibd'),
  evpnSpine1.passes('VerifyBGPPeersHealthRibd', { check_tcp_queues: true }),
  spine2On421.passes('VerifyBGPPeersHealthRibd', { check_tcp_queues: false }),
  borderLeaf2.fails(
    'VerifyBGPPeersHealthRibd',
    {},
    'Peer: 10.0.0.13 VRF: default - Incorrect session state - Expected: Established Actual: Active',
    'Peer: 10.0.0.15 VRF: default - Incorrect session state - Expected: Established Actual: Active',
  ),
  leaf3On421.fails(
    'VerifyBGPPeersHealthRibd',
    {},
    'Peer: 10.10.13.1 VRF: default - Session message queues not found',
    'Peer: 10.10.23.1 VRF: default - Session message queues not found',
  ),
  r4On418.errs(
    'VerifyBGPPeersHealthRibd',
    {},
    '`show ip bgp neighbors vrf all` was refused: This is an unconverted command',
  ),
]

const ttl = (peer_address: string, hops: number, max_ttl_hops: number) => ({
  peer_address,
  vrf: 'default',
  ttl: hops,
  max_ttl_hops,
})

const ttls: readonly SnapshotRow[] = [
  r1On436.passes('VerifyBGPPeerTtlMultiHops', { bgp_peers: [ttl('10.0.0.1', 1, 255)] }),
  evpnLeaf1A.passes('VerifyBGPPeerTtlMultiHops', {
    bgp_peers: [ttl('192.168.255.1', 3, 3), ttl('172.31.255.0', 1, 255)],
  }),
  evpnSpine2.fails(
    'VerifyBGPPeerTtlMultiHops',
    { bgp_peers: [ttl('192.168.255.9', 2, 2), ttl('192.168.255.10', 3, 3)] },
    'Peer: 192.168.255.9 VRF: default - TTL mismatch - Expected: 2 Actual: 3',
    'Peer: 192.168.255.9 VRF: default - Max TTL Hops mismatch - Expected: 2 Actual: 3',
    'Peer: 192.168.255.10 VRF: default - Not found',
  ),
  // ribd answers `maxTtlHops: null`, 4.21 has neither.
  np1.fails(
    'VerifyBGPPeerTtlMultiHops',
    { bgp_peers: [ttl('10.12.12.2', 255, 255)] },
    'Peer: 10.12.12.2 VRF: default - Max TTL Hops mismatch - Expected: 255 Actual: None',
  ),
  leaf3On421.fails(
    'VerifyBGPPeerTtlMultiHops',
    { bgp_peers: [ttl('10.10.13.1', 1, 1)] },
    'Peer: 10.10.13.1 VRF: default - TTL mismatch - Expected: 1 Actual: None',
    'Peer: 10.10.13.1 VRF: default - Max TTL Hops mismatch - Expected: 1 Actual: None',
  ),
]

const entry = (prefix: string, origin: string, nexthops: readonly string[], vrf = 'default') => ({
  prefix,
  vrf,
  paths: nexthops.map((nexthop) => ({ nexthop, origin })),
})

/** The table of BGP: `show ip bgp vrf all`. */
const paths: readonly SnapshotRow[] = [
  r1On436.passes('VerifyBGPRoutePaths', { route_entries: [entry('2.2.2.2/32', 'Igp', ['10.0.0.1'])] }),
  leaf1On421.passes('VerifyBGPRoutePaths', {
    route_entries: [
      entry('0.0.0.0/0', 'Igp', ['10.10.11.1', '10.10.21.1']),
      entry('1.1.1.2/32', 'Igp', ['10.10.21.1']),
    ],
  }),
  evpnSvc3A.passes('VerifyBGPRoutePaths', {
    route_entries: [
      entry('192.168.123.9/32', 'Igp', ['172.31.255.14', '172.31.255.12', '10.255.251.7']),
      entry('10.1.255.8/32', 'Igp', ['192.168.254.8'], 'Tenant_A_OPZone'),
    ],
  }),
  evpnSvc3A.fails(
    'VerifyBGPRoutePaths',
    {
      route_entries: [
        entry('192.168.123.7/32', 'Incomplete', ['10.255.251.7', '172.31.255.12']),
        entry('10.1.255.8/32', 'Igp', ['192.168.254.8'], 'Tenant_B_OPZone'),
        entry('10.3.255.5/32', 'Igp', ['192.168.254.4'], 'Tenant_D_OPZone'),
      ],
    },
    'Prefix: 192.168.123.7/32 VRF: default Next-hop: 10.255.251.7 Origin: Incomplete - Origin mismatch - Actual: Igp',
    'Prefix: 192.168.123.7/32 VRF: default Next-hop: 172.31.255.12 Origin: Incomplete - Path not found',
    'Prefix: 10.1.255.8/32 VRF: Tenant_B_OPZone - Prefix not found',
    'Prefix: 10.3.255.5/32 VRF: Tenant_D_OPZone - Prefix not found',
  ),
  // ribd has no `origin` of a path: nothing says that it is the expected one.
  leaf2.fails(
    'VerifyBGPRoutePaths',
    { route_entries: [entry('10.1.2.1/32', 'Igp', ['10.0.0.25', '10.0.0.99'])] },
    'Prefix: 10.1.2.1/32 VRF: default Next-hop: 10.0.0.25 Origin: Igp - Origin mismatch - Actual: None',
    'Prefix: 10.1.2.1/32 VRF: default Next-hop: 10.0.0.99 Origin: Igp - Path not found',
  ),
  r3On418.fails(
    'VerifyBGPRoutePaths',
    { route_entries: [entry('172.16.34.1/32', 'Igp', ['10.34.11.2']), entry('172.16.34.3/32', 'Igp', ['10.34.11.2'])] },
    'Prefix: 172.16.34.1/32 VRF: default Next-hop: 10.34.11.2 Origin: Igp - Origin mismatch - Actual: None',
    'Prefix: 172.16.34.3/32 VRF: default - Prefix not found',
  ),
]

/** Peers and paths of BGP. */
export const bgpRows: readonly SnapshotRow[] = [...sessions, ...ttls, ...paths]

import type { Json, JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { NEIGHBORS, withoutAnswers } from './without-answers.ts'

const empty = { inputQueueLength: 0, outputQueueLength: 0 }
const yes = { advertised: true, received: true, enabled: true }
const no = { advertised: true, received: false, enabled: false }

const up = (peerAddress: string, multiprotocolCaps: JsonObject): JsonObject => ({
  peerAddress,
  state: 'Established',
  establishedTime: 600,
  neighborCapabilities: { multiprotocolCaps },
  peerTcpInfo: empty,
})
const down = (peerAddress: string, multiprotocolCaps: JsonObject): JsonObject => ({
  peerAddress,
  state: 'Active',
  neighborCapabilities: { multiprotocolCaps },
})
const vrfs = (peerList: readonly Json[], red: readonly Json[] = []): JsonObject => ({
  vrfs: { default: { peerList: [...peerList] }, RED: { peerList: [...red] } },
})

const unicast = { afi: 'ipv4', safi: 'unicast' }

const summary = {
  vrfs: {
    default: {
      vrf: 'default',
      peers: {
        '192.0.2.1': { peerState: 'Established', l2VpnEvpn: { afiSafiState: 'negotiated' } },
        '192.0.2.2': { peerState: 'Active', l2VpnEvpn: { afiSafiState: 'configured' } },
        '192.0.2.3': {
          peerState: 'Established',
          l2VpnEvpn: { afiSafiState: 'advertised' },
          ipv6MplsLabels: { afiSafiState: 'negotiated' },
        },
      },
    },
    RED: { peers: {} },
  },
}

const count: readonly Row[] = [
  {
    check: 'VerifyBGPPeerCount',
    name: 'any peer of the family counts, and only established and negotiated ones where that is asked',
    inputs: {
      address_families: [
        { afi: 'evpn', num_peers: 3 },
        { afi: 'evpn', num_peers: '1', check_peer_state: true },
        { afi: 'ipv6', safi: 'labeled-unicast', num_peers: 1 },
      ],
    },
    outputs: [summary],
    result: 'success',
  },
  {
    check: 'VerifyBGPPeerCount',
    name: 'too few, too many, none, and no such VRF',
    inputs: {
      address_families: [
        { afi: 'evpn', num_peers: 4 },
        { afi: 'evpn', num_peers: 2, check_peer_state: true },
        { ...unicast, vrf: 'RED', num_peers: 1 },
        { ...unicast, vrf: 'BLUE', num_peers: 1 },
        { afi: 'rt-membership', num_peers: 1 },
      ],
    },
    outputs: [summary],
    result: 'failure',
    messages: [
      'AFI: evpn - Peer count mismatch - Expected: 4 Actual: 3',
      'AFI: evpn - Peer count mismatch - Expected: 2 Actual: 1',
      'AFI: ipv4 SAFI: unicast VRF: RED - Peer count mismatch - Expected: 1 Actual: 0',
      'AFI: ipv4 SAFI: unicast VRF: BLUE - VRF not configured',
      'AFI: rt-membership - Peer count mismatch - Expected: 1 Actual: 0',
    ],
  },
  {
    check: 'VerifyBGPPeerCount',
    name: 'the number of peers is not given',
    inputs: { address_families: [{ afi: 'evpn' }] },
    outputs: [summary],
    result: 'error',
    messages: [
      'the check `VerifyBGPPeerCount` does not accept its inputs at address_families.0.num_peers: Invalid input: expected nonoptional, received undefined',
    ],
  },
  {
    check: 'VerifyBGPPeerCount',
    name: 'IPv4 without a SAFI',
    inputs: { address_families: [{ afi: 'ipv4', num_peers: 1 }] },
    outputs: [summary],
    result: 'error',
    messages: [
      'the check `VerifyBGPPeerCount` does not accept its inputs at address_families.0: `safi` belongs to the families `ipv4` and `ipv6`, which need one',
    ],
  },
  {
    check: 'VerifyBGPPeerCount',
    name: 'EVPN of a VRF',
    inputs: { address_families: [{ afi: 'evpn', vrf: 'RED', num_peers: 1 }] },
    outputs: [summary],
    result: 'error',
    messages: [
      'the check `VerifyBGPPeerCount` does not accept its inputs at address_families.0: `vrf` must be `default` with any family but `ipv4` and `ipv6`',
    ],
  },
  ...withoutAnswers(
    'VerifyBGPPeerCount',
    'show bgp summary vrf all',
    { address_families: [{ afi: 'evpn', num_peers: 1 }] },
    ['AFI: evpn - VRF not configured'],
  ),
]

const health: readonly Row[] = [
  {
    check: 'VerifyBGPPeersHealth',
    name: 'peers that do not have the family are not looked at',
    inputs: { minimum_established_time: 600, address_families: [{ afi: 'evpn' }, { ...unicast, vrf: 'RED' }] },
    outputs: [
      vrfs(
        [up('192.0.2.1', { l2VpnEvpn: yes }), down('192.0.2.2', { ipv4Unicast: no })],
        [up('192.0.2.3', { ipv4Unicast: yes })],
      ),
    ],
    result: 'success',
  },
  {
    check: 'VerifyBGPPeersHealth',
    name: 'a session that is down may have the family where it does not tell',
    inputs: { address_families: [{ afi: 'evpn' }] },
    outputs: [vrfs([up('192.0.2.1', { l2VpnEvpn: yes }), { peerAddress: '192.0.2.2', state: 'Idle' }])],
    result: 'failure',
    messages: ['AFI: evpn Peer: 192.0.2.2 - Incorrect session state - Expected: Established Actual: Idle'],
  },
  {
    check: 'VerifyBGPPeersHealth',
    name: 'waiting messages, and queues that are not looked at',
    inputs: { address_families: [{ afi: 'evpn' }, { afi: 'vpn-ipv4', check_tcp_queues: false }] },
    outputs: [
      vrfs([
        {
          ...up('192.0.2.1', { l2VpnEvpn: yes, ipv4MplsVpn: yes }),
          peerTcpInfo: { inputQueueLength: 0, outputQueueLength: 7 },
        },
        { ...up('192.0.2.2', { l2VpnEvpn: yes }), peerTcpInfo: null },
      ]),
    ],
    result: 'failure',
    messages: [
      'AFI: evpn Peer: 192.0.2.1 - Session has non-empty message queues - InQ: 0 OutQ: 7',
      'AFI: evpn Peer: 192.0.2.2 - Session message queues not found',
    ],
  },
  {
    check: 'VerifyBGPPeersHealth',
    name: 'a session that is down, one that is too young, a family that is not negotiated, none, no such VRF',
    inputs: {
      minimum_established_time: 601,
      address_families: [
        { ...unicast },
        { ...unicast, vrf: 'RED' },
        { afi: 'link-state' },
        { afi: 'ipv6', safi: 'sr-te', vrf: 'BLUE' },
      ],
    },
    outputs: [
      vrfs(
        [down('192.0.2.1', { ipv4Unicast: no })],
        [
          up('192.0.2.2', { ipv4Unicast: yes }),
          {
            peerAddress: '192.0.2.9',
            ifName: 'Ethernet9',
            state: 'Established',
            establishedTime: 900,
            neighborCapabilities: { multiprotocolCaps: { ipv4Unicast: {} } },
            peerTcpInfo: empty,
          },
        ],
      ),
    ],
    result: 'failure',
    messages: [
      'AFI: ipv4 SAFI: unicast VRF: default Peer: 192.0.2.1 - Incorrect session state - Expected: Established Actual: Active',
      'AFI: ipv4 SAFI: unicast VRF: RED Peer: 192.0.2.2 - BGP session not established for the minimum required duration - Expected: 601s Actual: 600s',
      'AFI: ipv4 SAFI: unicast VRF: RED Peer: 192.0.2.9 - AFI/SAFI state is not negotiated',
      'AFI: link-state - No peers found',
      'AFI: ipv6 SAFI: sr-te VRF: BLUE - VRF not configured',
    ],
  },
  ...withoutAnswers('VerifyBGPPeersHealth', NEIGHBORS, { address_families: [{ afi: 'evpn' }] }, [
    'AFI: evpn - VRF not configured',
  ]),
]

const specific: readonly Row[] = [
  {
    check: 'VerifyBGPSpecificPeers',
    name: 'an IPv6 peer in another notation, and queues that are not looked at',
    inputs: {
      address_families: [
        { afi: 'ipv6', safi: 'unicast', vrf: 'RED', peers: ['2001:DB8:0:0::1'] },
        { afi: 'evpn', peers: ['192.0.2.1'], check_tcp_queues: false },
      ],
    },
    outputs: [
      vrfs(
        [{ ...up('192.0.2.1', { l2VpnEvpn: yes }), peerTcpInfo: { inputQueueLength: 3, outputQueueLength: 0 } }],
        [up('2001:db8::1', { ipv6Unicast: yes })],
      ),
    ],
    result: 'success',
  },
  {
    check: 'VerifyBGPSpecificPeers',
    name: 'a peer that is missing, one that is down, one without the family, one too young, no such VRF',
    inputs: {
      minimum_established_time: 60,
      address_families: [
        { afi: 'evpn', peers: ['192.0.2.9', '192.0.2.1', '192.0.2.2'] },
        { ...unicast, vrf: 'RED', peers: ['192.0.2.3'] },
        { ...unicast, vrf: 'BLUE', peers: ['192.0.2.4'] },
      ],
    },
    outputs: [
      vrfs(
        [down('192.0.2.1', { l2VpnEvpn: yes }), up('192.0.2.2', { ipv4Unicast: yes })],
        [
          {
            peerAddress: '192.0.2.3',
            state: 'Established',
            establishedTime: 59,
            neighborCapabilities: { multiprotocolCaps: { ipv4Unicast: yes } },
            peerTcpInfo: empty,
          },
        ],
      ),
    ],
    result: 'failure',
    messages: [
      'AFI: evpn Peer: 192.0.2.9 - Not configured',
      'AFI: evpn Peer: 192.0.2.1 - Incorrect session state - Expected: Established Actual: Active',
      'AFI: evpn Peer: 192.0.2.2 - AFI/SAFI state is not negotiated',
      'AFI: ipv4 SAFI: unicast VRF: RED Peer: 192.0.2.3 - BGP session not established for the minimum required duration - Expected: 60s Actual: 59s',
      'AFI: ipv4 SAFI: unicast VRF: BLUE - VRF not configured',
    ],
  },
  {
    check: 'VerifyBGPSpecificPeers',
    name: 'families that are not told: of a peer that is up a fault, of one that is down no second one',
    inputs: { address_families: [{ afi: 'evpn', peers: ['192.0.2.1', '192.0.2.2'] }] },
    outputs: [
      vrfs([
        { peerAddress: '192.0.2.1', state: 'Established', peerTcpInfo: empty },
        { peerAddress: '192.0.2.2', state: 'Active', neighborCapabilities: null },
      ]),
    ],
    result: 'failure',
    messages: [
      'AFI: evpn Peer: 192.0.2.1 - AFI/SAFI state is not negotiated',
      'AFI: evpn Peer: 192.0.2.2 - Incorrect session state - Expected: Established Actual: Active',
    ],
  },
  ...withoutAnswers(
    'VerifyBGPSpecificPeers',
    NEIGHBORS,
    { address_families: [{ afi: 'evpn', peers: ['192.0.2.1'] }] },
    ['AFI: evpn - VRF not configured'],
  ),
]

/** What the checks of address families must say. */
export const familyRows: readonly Row[] = [...count, ...health, ...specific]

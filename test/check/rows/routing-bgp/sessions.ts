import type { Json, JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { IP_NEIGHBORS, NEIGHBORS, withoutAnswers } from './without-answers.ts'

const queues = (inputQueueLength: number, outputQueueLength: number): JsonObject => ({
  inputQueueLength,
  outputQueueLength,
})
const vrfs = (peerList: readonly Json[], red: readonly Json[] = []): JsonObject => ({
  vrfs: { default: { peerList: [...peerList] }, RED: { peerList: [...red] } },
})

const good = { state: 'Established', establishedTime: 90, peerTcpInfo: queues(0, 0) }
const peers = {
  bgp_peers: [
    { peer_address: '192.0.2.1' },
    { peer_address: 'fe80::2%Et2', description: 'spine2' },
    { interface: 'et3', vrf: 'RED', description: 'spine3' },
  ],
}

const sessionsOf = (check: string, command: string): readonly Row[] => [
  {
    check,
    name: 'an IPv4 peer, a link-local one and one over an interface',
    inputs: { ...peers, minimum_established_time: 90 },
    outputs: [
      vrfs(
        [
          { ...good, peerAddress: '192.0.2.1' },
          { ...good, peerAddress: 'fe80::2%Et2' },
        ],
        [{ ...good, ifName: 'Ethernet3' }],
      ),
    ],
    result: 'success',
  },
  {
    check,
    name: 'an interface that the switch writes short is another one',
    inputs: { bgp_peers: [{ interface: 'et3', vrf: 'RED' }] },
    outputs: [vrfs([], [{ ...good, ifName: 'et3' }])],
    result: 'failure',
    messages: ['Interface: Ethernet3 VRF: RED - Not found'],
  },
  {
    check,
    name: 'queues that are not told',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1' }] },
    outputs: [vrfs([{ peerAddress: '192.0.2.1', state: 'Established' }])],
    result: 'failure',
    messages: ['Peer: 192.0.2.1 VRF: default - Session message queues not found'],
  },
  {
    check,
    name: 'inputs that a catalog writes as null',
    inputs: {
      minimum_established_time: null,
      bgp_peers: [{ peer_address: '192.0.2.1', interface: null, description: null, drop_stats: null }],
    },
    outputs: [vrfs([{ ...good, peerAddress: '192.0.2.1' }])],
    result: 'success',
  },
  {
    check,
    name: 'messages wait, and nobody asks',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1' }], check_tcp_queues: false },
    outputs: [vrfs([{ peerAddress: '192.0.2.1', state: 'Established', peerTcpInfo: queues(4, 5) }])],
    result: 'success',
  },
  {
    check,
    name: 'down, too young with messages that wait, and missing',
    inputs: { ...peers, minimum_established_time: 91 },
    outputs: [
      vrfs([
        { peerAddress: '192.0.2.1', state: 'Idle' },
        { ...good, peerAddress: 'fe80::2%Et2', peerTcpInfo: queues(4, 5) },
      ]),
    ],
    result: 'failure',
    messages: [
      'Peer: 192.0.2.1 VRF: default - Incorrect session state - Expected: Established Actual: Idle',
      'Peer: fe80::2%Et2 (spine2) VRF: default - BGP session not established for the minimum required duration - Expected: 91s Actual: 90s',
      'Peer: fe80::2%Et2 (spine2) VRF: default - Session has non-empty message queues - InQ: 4 OutQ: 5',
      'Interface: Ethernet3 (spine3) VRF: RED - Not found',
    ],
  },
  {
    check,
    name: 'a VRF that is not told, and a peer of which nothing is told',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1', vrf: 'BLUE' }, { peer_address: '192.0.2.2' }] },
    outputs: [vrfs([{ peerAddress: '192.0.2.2' }])],
    result: 'error',
    messages: [`\`${command}\` does not tell vrfs.default.peerList.0.state`],
  },
  {
    check,
    name: 'a peer that nothing tells from others',
    inputs: { bgp_peers: [{ vrf: 'RED' }] },
    outputs: [vrfs([])],
    result: 'error',
    messages: [
      `the check \`${check}\` does not accept its inputs at bgp_peers.0: expected either \`peer_address\` or \`interface\``,
    ],
  },
  ...withoutAnswers(check, command, peers, [
    'Peer: 192.0.2.1 VRF: default - Not found',
    'Peer: fe80::2%Et2 (spine2) VRF: default - Not found',
    'Interface: Ethernet3 (spine3) VRF: RED - Not found',
  ]),
]

const healthRibd: readonly Row[] = [
  {
    check: 'VerifyBGPPeersHealthRibd',
    name: 'peers of two VRFs',
    outputs: [vrfs([{ ...good, peerAddress: '192.0.2.1' }], [{ ...good, peerAddress: '192.0.2.2' }])],
    result: 'success',
  },
  {
    check: 'VerifyBGPPeersHealthRibd',
    name: 'messages wait, and nobody asks',
    inputs: { check_tcp_queues: false },
    outputs: [vrfs([{ ...good, peerAddress: '192.0.2.1', peerTcpInfo: queues(1, 0) }])],
    result: 'success',
  },
  {
    check: 'VerifyBGPPeersHealthRibd',
    name: 'queues are not told, and nobody asks',
    inputs: { check_tcp_queues: false },
    outputs: [vrfs([{ peerAddress: '192.0.2.1', state: 'Established' }])],
    result: 'success',
  },
  {
    check: 'VerifyBGPPeersHealthRibd',
    name: 'queues are not told',
    outputs: [
      vrfs([
        { peerAddress: '192.0.2.1', state: 'Established' },
        { peerAddress: '192.0.2.2', state: 'Idle' },
      ]),
    ],
    result: 'failure',
    messages: [
      'Peer: 192.0.2.1 VRF: default - Session message queues not found',
      'Peer: 192.0.2.2 VRF: default - Incorrect session state - Expected: Established Actual: Idle',
    ],
  },
  {
    check: 'VerifyBGPPeersHealthRibd',
    name: 'down, and messages wait',
    outputs: [
      vrfs(
        [{ peerAddress: '192.0.2.1', state: 'Active', peerTcpInfo: queues(0, 0) }],
        [{ ...good, peerAddress: '192.0.2.9', ifName: 'Ethernet4', peerTcpInfo: queues(1, 0) }],
      ),
    ],
    result: 'failure',
    messages: [
      'Peer: 192.0.2.1 VRF: default - Incorrect session state - Expected: Established Actual: Active',
      'Peer: 192.0.2.9 VRF: RED - Session has non-empty message queues - InQ: 1 OutQ: 0',
    ],
  },
  {
    check: 'VerifyBGPPeersHealthRibd',
    name: 'no peer in any VRF',
    outputs: [vrfs([])],
    result: 'error',
    messages: ['`show ip bgp neighbors vrf all`: the answer has no peer'],
  },
  ...withoutAnswers('VerifyBGPPeersHealthRibd', IP_NEIGHBORS, {}, [`\`${IP_NEIGHBORS}\` does not tell vrfs`]),
]

const md5: readonly Row[] = [
  {
    check: 'VerifyBGPPeerMD5Auth',
    name: 'authenticated peers',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1' }, { interface: 'Ethernet3', vrf: 'RED' }] },
    outputs: [
      vrfs(
        [{ peerAddress: '192.0.2.1', state: 'Established', md5AuthEnabled: true }],
        [{ ifName: 'Ethernet3', state: 'Established', md5AuthEnabled: true }],
      ),
    ],
    result: 'success',
  },
  {
    check: 'VerifyBGPPeerMD5Auth',
    name: 'down and open, open, missing',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1' }, { peer_address: '192.0.2.2' }, { interface: 'Ethernet3' }] },
    outputs: [
      vrfs([
        { peerAddress: '192.0.2.1', state: 'Connect', md5AuthEnabled: false },
        { peerAddress: '192.0.2.2', state: 'Established' },
      ]),
    ],
    result: 'failure',
    messages: [
      'Peer: 192.0.2.1 VRF: default - Incorrect session state - Expected: Established Actual: Connect',
      'Peer: 192.0.2.1 VRF: default - Session does not have MD5 authentication enabled',
      'Peer: 192.0.2.2 VRF: default - Session does not have MD5 authentication enabled',
      'Interface: Ethernet3 VRF: default - Not found',
    ],
  },
  ...withoutAnswers('VerifyBGPPeerMD5Auth', NEIGHBORS, { bgp_peers: [{ peer_address: '192.0.2.1' }] }, [
    'Peer: 192.0.2.1 VRF: default - Not found',
  ]),
]

/** What the checks of sessions must say. */
export const sessionRows: readonly Row[] = [
  ...sessionsOf('VerifyBGPPeerSession', NEIGHBORS),
  ...sessionsOf('VerifyBGPPeerSessionRibd', IP_NEIGHBORS),
  ...healthRibd,
  ...md5,
]

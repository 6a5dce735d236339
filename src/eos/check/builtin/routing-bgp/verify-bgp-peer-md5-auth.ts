import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'

/** The session of each peer is established and authenticated with MD5 (RFC 2385). */
export const verifyBgpPeerMd5Auth = defineVerify({
  name: 'VerifyBGPPeerMD5Auth',
  summary: 'Verifies the MD5 authentication and the session of BGP peers.',
  docs: 'Passes when each peer is there, its session established, and MD5 authentication enabled.',
  example: {
    bgp_peers: [
      { peer_address: '172.30.11.1', vrf: 'default' },
      { peer_address: 'fd00:dc:1::1', vrf: 'default' },
      { interface: 'Ethernet1', vrf: 'default' },
    ],
  },
  input: () => z.strictObject({ bgp_peers: peersOf(bgpPeer()).describe('peers to judge') }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, (_peer, neighbor) => [
      ...mismatch('Incorrect session state', 'Established', neighbor.state, 'None'),
      ...(neighbor.md5AuthEnabled === true ? [] : ['Session does not have MD5 authentication enabled']),
    ]),
})

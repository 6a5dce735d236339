import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'

/** Each peer is in its peer group. */
export const verifyBgpPeerGroup = defineVerify({
  name: 'VerifyBGPPeerGroup',
  summary: 'Verifies the peer group of BGP peers.',
  docs: 'Passes when each peer is there, and is in the expected peer group.',
  example: {
    bgp_peers: [
      { peer_address: '172.30.11.1', vrf: 'default', peer_group: 'IPv4-UNDERLAY-PEERS' },
      { interface: 'Ethernet1', vrf: 'MGMT', peer_group: 'IPv4-UNDERLAY-PEERS' },
    ],
  },
  input: () =>
    z.strictObject({
      bgp_peers: peersOf(bgpPeer().required({ peer_group: true })).describe('peers and their groups'),
    }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, ({ peer_group }, { peerGroupName = 'Not Found' }) =>
      mismatch('Incorrect peer group configured', peer_group, peerGroupName),
    ),
})

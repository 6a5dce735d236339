import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_IP_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'

/** The TTL and the most hops of each peer are as expected. */
export const verifyBgpPeerTtlMultiHops = defineVerify({
  name: 'VerifyBGPPeerTtlMultiHops',
  summary: 'Verifies the TTL and the maximum TTL hops of BGP peers.',
  docs: 'Passes when each peer is there, and its TTL and maximum TTL hops are as expected.',
  example: {
    bgp_peers: [
      { peer_address: '172.30.11.1', vrf: 'default', ttl: 3, max_ttl_hops: 3 },
      { interface: 'Ethernet1', vrf: 'MGMT', ttl: 30, max_ttl_hops: 30 },
    ],
  },
  input: () =>
    z.strictObject({
      bgp_peers: peersOf(bgpPeer().required({ ttl: true, max_ttl_hops: true })).describe('peers and their TTLs'),
    }),
  commands: () => [SHOW_IP_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, ({ ttl, max_ttl_hops }, neighbor) => [
      ...mismatch('TTL mismatch', ttl, neighbor.ttl, 'None'),
      ...mismatch('Max TTL Hops mismatch', max_ttl_hops, neighbor.maxTtlHops, 'None'),
    ]),
})

import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'
import { counterFaults } from './counter.ts'

/** No NLRI of any peer was dropped. */
export const verifyBgpPeerDropStats = defineVerify({
  name: 'VerifyBGPPeerDropStats',
  summary: 'Verifies that BGP peers have dropped no NLRI.',
  docs: 'Passes when each peer is there, and the given drop counters (all that the switch has where none are given) are zero. A given counter that does not exist fails.',
  example: {
    bgp_peers: [
      {
        peer_address: '172.30.11.1',
        vrf: 'default',
        drop_stats: ['inDropAsloop', 'prefixEvpnDroppedUnsupportedRouteType'],
      },
      { interface: 'Ethernet1', vrf: 'MGMT' },
    ],
  },
  input: () => z.strictObject({ bgp_peers: peersOf(bgpPeer()).describe('peers and the counters to judge') }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, ({ drop_stats }, neighbor) => {
      const counters = needed(neighbor, 'dropStats')
      if (Object.keys(counters).length === 0) return undefined
      // Counters that this version does not have count nothing.
      return counterFaults('NLRI drop statistics counter', counters, drop_stats, 0)
    }),
})

import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'
import { counterFaults } from './counter.ts'

/** No peer sent an update with errors. */
export const verifyBgpPeerUpdateErrors = defineVerify({
  name: 'VerifyBGPPeerUpdateErrors',
  summary: 'Verifies that BGP peers sent no updates with errors.',
  docs: 'Passes when each peer is there, and the given update error counters (all that the switch has where none are given) are zero; `disabledAfiSafi` must be "None". A given counter that does not exist fails.',
  example: {
    bgp_peers: [
      { peer_address: '172.30.11.1', vrf: 'default', update_errors: ['inUpdErrWithdraw'] },
      { interface: 'Ethernet1', vrf: 'MGMT' },
    ],
  },
  input: () => z.strictObject({ bgp_peers: peersOf(bgpPeer()).describe('peers and the counters to judge') }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, ({ update_errors }, neighbor) => {
      const counters = neighbor.peerInUpdateErrors ?? {}
      if (!update_errors && Object.keys(counters).length === 0) return undefined
      return counterFaults('update error counter', counters, update_errors, 'Not Found')
    }),
})

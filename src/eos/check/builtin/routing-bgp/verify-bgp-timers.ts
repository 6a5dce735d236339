import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'

/** The timers of each peer are as expected. */
export const verifyBgpTimers = defineVerify({
  name: 'VerifyBGPTimers',
  summary: 'Verifies the timers of BGP peers.',
  docs: 'Passes when each peer is there, and its hold time and keepalive time (seconds) are as expected.',
  example: {
    bgp_peers: [
      { peer_address: '172.30.11.1', vrf: 'default', hold_time: 180, keep_alive_time: 60 },
      { interface: 'Ethernet1', vrf: 'MGMT', hold_time: 180, keep_alive_time: 60 },
    ],
  },
  input: () =>
    z.strictObject({
      bgp_peers: peersOf(bgpPeer().required({ hold_time: true, keep_alive_time: true })).describe(
        'peers and their timers',
      ),
    }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, ({ hold_time, keep_alive_time }, neighbor) => [
      ...mismatch('Hold time mismatch', hold_time, needed(neighbor, 'holdTime')),
      ...mismatch('Keepalive time mismatch', keep_alive_time, needed(neighbor, 'keepaliveTime')),
    ]),
})

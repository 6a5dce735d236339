import { bgpNeighborsAnswer, SHOW_IP_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgePeerSessions, PEER_SESSIONS_EXAMPLE, peerSessionsInput } from './peer-sessions.ts'

/** The sessions of the named peers, on a switch with the routing model `ribd`, are established. */
export const verifyBgpPeerSessionRibd = defineVerify({
  name: 'VerifyBGPPeerSessionRibd',
  summary: 'Verifies the sessions of BGP peers of a switch with the routing model `ribd`.',
  docs: 'Passes when each peer is there, established (at least as long as `minimum_established_time`), and has nothing waiting in the queues of its TCP session (unless `check_tcp_queues` is false).',
  example: PEER_SESSIONS_EXAMPLE,
  input: () => peerSessionsInput(),
  commands: () => [SHOW_IP_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: (input, [neighbors]) => judgePeerSessions(input, neighbors),
})

import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgePeerSessions, PEER_SESSIONS_EXAMPLE, peerSessionsInput } from './peer-sessions.ts'

/** The sessions of the named peers are established. */
export const verifyBgpPeerSession = defineVerify({
  name: 'VerifyBGPPeerSession',
  summary: 'Verifies the sessions of BGP peers.',
  docs: 'Passes when each peer is there, established (at least as long as `minimum_established_time`), and has nothing waiting in the queues of its TCP session (unless `check_tcp_queues` is false).',
  example: PEER_SESSIONS_EXAMPLE,
  input: () => peerSessionsInput(),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: (input, [neighbors]) => judgePeerSessions(input, neighbors),
})

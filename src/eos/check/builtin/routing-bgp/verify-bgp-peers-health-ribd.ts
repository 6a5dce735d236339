import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { bgpNeighborsAnswer, SHOW_IP_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { peerName } from './bgp-peer.ts'
import { queueFaults, sessionFaults } from './session.ts'

/** All peers of a switch with the routing model `ribd` are healthy. */
export const verifyBgpPeersHealthRibd = defineVerify({
  name: 'VerifyBGPPeersHealthRibd',
  summary: 'Verifies the health of all BGP IPv4 peers of a switch with the routing model `ribd`.',
  docs: 'Passes when there are peers, and each is established with nothing waiting in the queues of its TCP session (unless `check_tcp_queues` is false). Fails where there is no peer at all.',
  example: { check_tcp_queues: true },
  input: () =>
    z.strictObject({
      check_tcp_queues: z.boolean().default(true).describe('whether the queues of the TCP sessions must be empty'),
    }),
  commands: () => [SHOW_IP_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ check_tcp_queues }, [answer]) => {
    const peers = [...needed(answer, 'vrfs')].flatMap(([vrf, { peerList = [] }]) =>
      peerList.map((peer) => ({ vrf, peer })),
    )
    if (peers.length === 0) return { status: 'error', reason: 'the answer has no peer' }
    return passUnless(
      peers.flatMap(({ vrf, peer }) => {
        const faults = [...sessionFaults(peer), ...(check_tcp_queues ? queueFaults(peer) : [])]
        if (faults.length === 0) return []
        const name = peerName({ peer_address: needed(peer, 'peerAddress'), vrf })
        return faults.map((fault) => `${name} - ${fault}`)
      }),
    )
  },
})

import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { bfdPeersAnswer, SHOW_BFD_PEERS_DETAIL } from '../../answer/show-bfd-peers.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { bfdPeer, bfdProtocol, sessionFaults } from './bfd-peer.ts'

/** The given protocols use the BFD sessions. */
export const verifyBfdPeersRegProtocols = defineVerify({
  name: 'VerifyBFDPeersRegProtocols',
  summary: 'Verifies which protocols have registered with the sessions of the named BFD peers.',
  docs:
    'Passes when each session has at least the given protocols. Fails for each peer without a session, and for each whose ' +
    'session lacks any of them.',
  example: {
    bfd_peers: [
      { peer_address: '192.0.2.8', protocols: ['bgp'] },
      { peer_address: '198.51.100.2', vrf: 'PROD', interface: 'Ethernet3', protocols: ['ospf', 'pim'] },
    ],
  },
  input: () =>
    z.strictObject({
      bfd_peers: z
        .array(
          bfdPeer().extend({
            protocols: z.array(bfdProtocol()).min(1).describe('Protocols that must use the session.'),
          }),
        )
        .min(1)
        .describe('The peers and their protocols.'),
    }),
  commands: () => [SHOW_BFD_PEERS_DETAIL],
  answers: () => [bfdPeersAnswer()],
  judge: ({ bfd_peers }, [answer]) =>
    passUnless(
      sessionFaults(bfd_peers, answer, ({ peerStatsDetail }, { protocols }) => {
        const registered: readonly string[] = peerStatsDetail?.apps ?? []
        const missing = [...new Set(protocols)].filter((protocol) => !registered.includes(protocol)).sort()
        if (missing.length === 0) return []
        return [`${missing.join(', ')} protocol${missing.length === 1 ? '' : 's'} not registered`]
      }),
    ),
})

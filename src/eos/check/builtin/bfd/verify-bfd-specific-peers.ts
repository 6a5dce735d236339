import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { bfdPeersAnswer, SHOW_BFD_PEERS } from '../../answer/show-bfd-peers.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { bfdPeer, downFaults, sessionFaults } from './bfd-peer.ts'

/** The named BFD peers are up. */
export const verifyBfdSpecificPeers = defineVerify({
  name: 'VerifyBFDSpecificPeers',
  summary: 'Verifies that the named BFD peers are up.',
  docs:
    'Passes when each session is up and has a remote discriminator. Fails for each peer that has no session, or one ' +
    'that is not so. Seamless BFD is not read.',
  example: {
    bfd_peers: [
      { peer_address: '192.0.2.8' },
      { peer_address: '192.0.2.7', vrf: 'DEV' },
      { peer_address: '198.51.100.2', vrf: 'PROD', interface: 'Ethernet3' },
      { peer_address: '2001:db8::1' },
    ],
  },
  input: () => z.strictObject({ bfd_peers: z.array(bfdPeer()).min(1).describe('The peers.') }),
  commands: () => [SHOW_BFD_PEERS],
  answers: () => [bfdPeersAnswer()],
  judge: ({ bfd_peers }, [answer]) => passUnless(sessionFaults(bfd_peers, answer, downFaults)),
})

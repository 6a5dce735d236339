import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'

/** The other supervisor can take over, by the expected protocol. */
export const verifySupervisorRedundancy = defineVerify({
  name: 'VerifySupervisorRedundancy',
  summary: 'Verifies the redundancy protocol of the supervisors.',
  docs: 'Passes when the given protocol is configured and operational, and a switchover is ready. Skipped where the peer supervisor is not inserted.',
  example: { redundancy_proto: 'sso' },
  input: () =>
    z.strictObject({
      redundancy_proto: z.enum(['sso', 'rpr', 'simplex']).default('sso').describe('Expected redundancy protocol.'),
    }),
  commands: () => [{ cmd: 'show redundancy status', revision: 1 }],
  answers: () => [
    z.object({
      configuredProtocol: z.string(),
      operationalProtocol: z.string().default('Not found'),
      peerState: z.string().optional(),
      switchoverReady: z.boolean().default(false),
    }),
  ],
  judge: (
    { redundancy_proto: expected },
    [{ configuredProtocol, operationalProtocol, peerState, switchoverReady }],
  ) => {
    if (peerState === 'notInserted') return { status: 'skip', reason: 'Peer supervisor card not inserted' }
    // The wording without a colon is the recorded one.
    if (configuredProtocol !== expected) {
      return passUnless([
        `Configured redundancy protocol mismatch - Expected ${expected} Actual: ${configuredProtocol}`,
      ])
    }
    if (operationalProtocol !== expected) {
      return passUnless([
        `Operational redundancy protocol mismatch - Expected ${expected} Actual: ${operationalProtocol}`,
      ])
    }
    return passUnless(
      switchoverReady ? [] : ['Redundancy protocol switchover status mismatch - Expected: True Actual: False'],
    )
  },
})

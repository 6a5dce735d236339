import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'

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
    told({
      configuredProtocol: z.string(),
      operationalProtocol: z.string(),
      peerState: z.string(),
      switchoverReady: z.boolean(),
    }),
  ],
  judge: ({ redundancy_proto: expected }, [answer]) => {
    if (answer.peerState === 'notInserted') return { status: 'skip', reason: 'Peer supervisor card not inserted' }
    // The wording without a colon is the recorded one.
    if (answer.configuredProtocol !== expected) {
      return passUnless([
        `Configured redundancy protocol mismatch - Expected ${expected} Actual: ${answer.configuredProtocol}`,
      ])
    }
    if (answer.operationalProtocol !== expected) {
      return passUnless([
        `Operational redundancy protocol mismatch - Expected ${expected} Actual: ${answer.operationalProtocol}`,
      ])
    }
    return passUnless(
      answer.switchoverReady ? [] : ['Redundancy protocol switchover status mismatch - Expected: True Actual: False'],
    )
  },
})

import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { enabledWord } from '../../answer/printed-flag.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The CVX client of the switch is enabled or disabled as it should be. */
export const verifyManagementCvx = defineVerify({
  name: 'VerifyManagementCVX',
  summary: 'Verifies whether management CVX is enabled.',
  docs: 'Passes when management CVX is enabled or disabled as given. Fails where the switch does not tell.',
  example: { enabled: true },
  input: () => z.strictObject({ enabled: z.boolean().describe('Whether management CVX must be enabled.') }),
  commands: () => [{ cmd: 'show management cvx', revision: 3 }],
  answers: () => [z.object({ clusterStatus: z.object({ enabled: z.boolean().optional() }).optional() })],
  judge: ({ enabled }, [{ clusterStatus }]) => {
    const actual = clusterStatus?.enabled
    if (actual === undefined) return passUnless(['Management CVX status - Not configured'])
    return passUnless(
      actual === enabled
        ? []
        : [`Management CVX status is not valid: Expected: ${enabledWord(enabled)} Actual: ${enabledWord(actual)}`],
    )
  },
})

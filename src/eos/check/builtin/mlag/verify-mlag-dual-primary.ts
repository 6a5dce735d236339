import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { mlagDetailAnswer, SHOW_MLAG_DETAIL } from '../../answer/show-mlag-detail.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { count } from '../../input/numbers.ts'
import { MLAG_DISABLED } from './mlag-disabled.ts'

/** Two primaries at once are detected, and what follows is as given. */
export const verifyMlagDualPrimary = defineVerify({
  name: 'VerifyMlagDualPrimary',
  summary: 'Verifies the dual-primary detection of MLAG and its settings.',
  docs: 'Passes when detection is enabled, and its delay, its action and both recovery delays are as given. Skipped where MLAG is disabled.',
  example: { detection_delay: 200, errdisabled: true, recovery_delay: 60, recovery_delay_non_mlag: 0 },
  input: () =>
    z.strictObject({
      detection_delay: count().describe('Seconds until two primaries are taken for detected.'),
      errdisabled: z.boolean().default(false).describe('Whether all interfaces are errdisabled then.'),
      recovery_delay: count().describe('Seconds after it is over until ports that are part of an MLAG are enabled.'),
      recovery_delay_non_mlag: count().describe('Seconds after it is over until the other ports are enabled.'),
    }),
  commands: () => [SHOW_MLAG_DETAIL],
  answers: () => [mlagDetailAnswer()],
  judge: (input, [told]) => {
    if (told.state === 'disabled') return MLAG_DISABLED
    if (needed(told, 'dualPrimaryDetectionState') === 'disabled') {
      return passUnless(['Dual-primary detection is disabled'])
    }
    const action = input.errdisabled ? 'errdisableAllInterfaces' : 'none'
    return passUnless([
      ...mismatch('Dual-primary action mismatch', action, told.detail?.dualPrimaryAction, 'None'),
      ...mismatch(
        'Dual-primary detection delay mismatch',
        input.detection_delay,
        told.detail?.dualPrimaryDetectionDelay,
        'None',
      ),
      ...mismatch(
        'Dual-primary MLAG recovery delay mismatch',
        input.recovery_delay,
        told.dualPrimaryMlagRecoveryDelay,
        'None',
      ),
      ...mismatch(
        'Dual-primary non MLAG recovery delay mismatch',
        input.recovery_delay_non_mlag,
        told.dualPrimaryNonMlagRecoveryDelay,
        'None',
      ),
    ])
  },
})

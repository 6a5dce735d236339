import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { printed } from '../../answer/printed.ts'
import { mlagAnswer, SHOW_MLAG } from '../../answer/show-mlag.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { count } from '../../input/numbers.ts'
import { MLAG_DISABLED } from './mlag-disabled.ts'

/** Ports come up after a reload no sooner and no later than they should. */
export const verifyMlagReloadDelay = defineVerify({
  name: 'VerifyMlagReloadDelay',
  summary: 'Verifies the reload delays of MLAG.',
  docs: 'Passes when both delays are as given. Skipped where MLAG is disabled.',
  example: { reload_delay: 300, reload_delay_non_mlag: 330 },
  input: () =>
    z.strictObject({
      reload_delay: count().describe('Seconds after a reload until ports that are part of an MLAG are enabled.'),
      reload_delay_non_mlag: count().describe('Seconds after a reload until the other ports are enabled.'),
    }),
  commands: () => [SHOW_MLAG],
  answers: () => [mlagAnswer()],
  judge: (input, [{ state, reloadDelay, reloadDelayNonMlag }]) => {
    if (state === 'disabled') return MLAG_DISABLED
    return passUnless([
      ...mismatch('MLAG reload-delay mismatch', seconds(input.reload_delay), seconds(reloadDelay)),
      ...mismatch(
        'Delay for non-MLAG ports mismatch',
        seconds(input.reload_delay_non_mlag),
        seconds(reloadDelayNonMlag),
      ),
    ])
  },
})

function seconds(delay: number | undefined): string {
  return `${printed(delay)}s`
}

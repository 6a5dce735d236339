import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { mlagDetailAnswer, SHOW_MLAG_DETAIL } from '../../answer/show-mlag-detail.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { integer } from '../../input/numbers.ts'
import { MLAG_DISABLED } from './mlag-disabled.ts'

/** The switch is the primary of its pair, with the priority that is given. */
export const verifyMlagPrimaryPriority = defineVerify({
  name: 'VerifyMlagPrimaryPriority',
  summary: 'Verifies that the switch is the MLAG primary, and its priority.',
  docs: 'Passes when the state is primary and the priority as given. Skipped where MLAG is disabled.',
  example: { primary_priority: 3276 },
  input: () =>
    z.strictObject({ primary_priority: integer(1, 32_767).describe('The priority in the election of the primary.') }),
  commands: () => [SHOW_MLAG_DETAIL],
  answers: () => [mlagDetailAnswer()],
  judge: ({ primary_priority: expected }, [{ state, detail }]) => {
    if (state === 'disabled') return MLAG_DISABLED
    return passUnless([
      ...(detail?.mlagState === 'primary' ? [] : ['The device is not set as MLAG primary']),
      ...mismatch('MLAG primary priority mismatch', expected, detail?.primaryPriority, 'None'),
    ])
  },
})

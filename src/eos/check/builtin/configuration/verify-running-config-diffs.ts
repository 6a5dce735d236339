import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The switch would boot with what it runs. */
export const verifyRunningConfigDiffs = defineVerify({
  name: 'VerifyRunningConfigDiffs',
  summary: 'Verifies that running-config and startup-config are the same.',
  docs: 'Passes when the switch shows no difference, which is an empty answer. The message of a failure is the difference.',
  commands: () => [{ cmd: 'show running-config diffs', format: 'text' }],
  answers: () => [z.string()],
  judge: (_input, [diff]) => passUnless(diff === '' ? [] : [diff]),
})

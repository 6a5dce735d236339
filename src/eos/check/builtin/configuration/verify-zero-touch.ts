import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The switch does not fetch its configuration from somebody when it boots. */
export const verifyZeroTouch = defineVerify({
  name: 'VerifyZeroTouch',
  summary: 'Verifies that Zero Touch Provisioning is disabled.',
  docs: 'Passes when the mode is disabled: a switch in ZTP boots with what a server gives it.',
  commands: () => [{ cmd: 'show zerotouch', revision: 1 }],
  answers: () => [z.object({ mode: z.string() })],
  judge: (_input, [{ mode }]) => passUnless(mode === 'disabled' ? [] : ['ZTP is NOT disabled']),
})

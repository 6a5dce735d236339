import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../area/define-verify.ts'

/** LANZ, the latency analyzer, is enabled. */
export const verifyLanz = defineVerify({
  name: 'VerifyLANZ',
  summary: 'Verifies that LANZ (the latency analyzer) is enabled.',
  docs: 'Passes when LANZ is enabled, and fails when it is disabled.',
  commands: () => [{ cmd: 'show queue-monitor length status', revision: 1 }],
  answers: () => [z.object({ lanzEnabled: z.boolean() })],
  judge: (_input, [{ lanzEnabled }]) => passUnless(lanzEnabled ? [] : ['LANZ is not enabled']),
})

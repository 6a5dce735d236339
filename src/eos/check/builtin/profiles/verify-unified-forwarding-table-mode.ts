import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'

/** The switch divides its unified forwarding table as it should. */
export const verifyUnifiedForwardingTableMode = defineVerify({
  name: 'VerifyUnifiedForwardingTableMode',
  summary: 'Verifies that the switch uses the expected mode of its unified forwarding table (UFT).',
  docs: 'Passes when the mode of the table is the given one.',
  example: { mode: 3 },
  input: () =>
    z.strictObject({ mode: z.literal([0, 1, 2, 3, 4, 'flexible']).describe('Expected mode: 0 to 4, or flexible.') }),
  commands: () => [{ cmd: 'show platform trident forwarding-table partition', revision: 1 }],
  answers: () => [z.object({ uftMode: z.string() })],
  judge: ({ mode }, [{ uftMode }]) => passUnless(mismatch('Not running the correct UFT mode', String(mode), uftMode)),
})

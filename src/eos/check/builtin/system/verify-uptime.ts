import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { printedFloat } from '../../answer/printed-number.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { count } from '../../input/numbers.ts'

/** The switch has been up for some time. */
export const verifyUptime = defineVerify({
  name: 'VerifyUptime',
  summary: 'Verifies that the switch has been up for longer than a number of seconds.',
  docs: 'Passes when the uptime is higher than the minimum.',
  example: { minimum: 86_400 },
  input: () => z.strictObject({ minimum: count().describe('Minimum uptime in seconds.') }),
  commands: () => [{ cmd: 'show uptime', revision: 1 }],
  answers: () => [z.object({ upTime: z.number() })],
  judge: ({ minimum }, [{ upTime }]) =>
    passUnless(
      upTime >= minimum ? [] : [`Device uptime is incorrect - Expected: ${minimum}s Actual: ${printedFloat(upTime)}s`],
    ),
})

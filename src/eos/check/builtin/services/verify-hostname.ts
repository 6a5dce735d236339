import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { word } from '../../input/words.ts'

/** The switch has the expected name. */
export const verifyHostname = defineVerify({
  name: 'VerifyHostname',
  summary: 'Verifies the name of the switch.',
  docs: 'Passes when the hostname of the switch is the expected one, without its domain.',
  example: { hostname: 's1-spine1' },
  input: () => z.strictObject({ hostname: word().describe('The expected hostname.') }),
  commands: () => [{ cmd: 'show hostname', revision: 1 }],
  answers: () => [z.object({ hostname: z.string() })],
  judge: ({ hostname: expected }, [{ hostname: actual }]) =>
    passUnless(mismatch('Incorrect Hostname', expected, actual)),
})

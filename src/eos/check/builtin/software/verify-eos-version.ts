import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { word } from '../../input/words.ts'

/** The switch runs a version of EOS that is allowed. */
export const verifyEosVersion = defineVerify({
  name: 'VerifyEOSVersion',
  summary: 'Verifies the EOS version of the switch.',
  docs: 'Passes when the switch runs one of the versions.',
  example: { versions: ['4.32.2F', '4.33.1F'] },
  input: () => z.strictObject({ versions: z.array(word()).min(1).describe('EOS versions that are allowed.') }),
  commands: () => [{ cmd: 'show version', revision: 1 }],
  answers: () => [z.object({ version: z.string() })],
  judge: ({ versions }, [{ version }]) =>
    passUnless(
      versions.includes(version)
        ? []
        : [`EOS version mismatch - Actual: ${version} not in Expected: ${versions.join(', ')}`],
    ),
})

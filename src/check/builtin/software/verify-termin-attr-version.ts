import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import { word } from '../../input/words.ts'

/** TerminAttr, the agent that streams to CloudVision, has a version that is allowed. */
export const verifyTerminAttrVersion = defineVerify({
  name: 'VerifyTerminAttrVersion',
  summary: 'Verifies the TerminAttr version of the switch.',
  docs: 'Passes when the switch has one of the versions.',
  example: { versions: ['v1.35.0', 'v1.36.1'] },
  input: () => z.strictObject({ versions: z.array(word()).min(1).describe('TerminAttr versions that are allowed.') }),
  commands: () => [{ cmd: 'show version detail', revision: 1 }],
  answers: () => [
    z.object({ details: z.object({ packages: z.record(z.string(), z.object({ version: z.string() })) }) }),
  ],
  judge: ({ versions }, [{ details }]) => {
    const version = details.packages['TerminAttr-core']?.version ?? 'Not found'
    return passUnless(
      versions.includes(version)
        ? []
        : [`TerminAttr version mismatch - Actual: ${version} not in Expected: ${versions.join(', ')}`],
    )
  },
})

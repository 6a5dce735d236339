import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { MissingMember, told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { word } from '../../input/words.ts'

/** TerminAttr, the agent that streams to CloudVision, has a version that is allowed. */
export const verifyTerminAttrVersion = defineVerify({
  name: 'VerifyTerminAttrVersion',
  summary: 'Verifies the TerminAttr version of the switch.',
  docs: 'Passes when the switch has one of the versions.',
  example: { versions: ['v1.35.0', 'v1.36.1'] },
  input: () => z.strictObject({ versions: z.array(word()).min(1).describe('TerminAttr versions that are allowed.') }),
  commands: () => [{ cmd: 'show version detail', revision: 1 }],
  answers: () => [told({ details: told({ packages: z.record(z.string(), told({ version: z.string() })) }) })],
  judge: ({ versions }, [{ details }]) => {
    const terminAttr = details.packages['TerminAttr-core']
    if (terminAttr === undefined) throw new MissingMember(details.packages, 'TerminAttr-core')
    const { version } = terminAttr
    return passUnless(
      versions.includes(version)
        ? []
        : [`TerminAttr version mismatch - Actual: ${version} not in Expected: ${versions.join(', ')}`],
    )
  },
})

import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_TACACS, tacacsAnswer } from '../../answer/show-tacacs.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { word } from '../../input/words.ts'

/** Groups of TACACS+ servers are configured. */
export const verifyTacacsServerGroups = defineVerify({
  name: 'VerifyTacacsServerGroups',
  summary: 'Verifies that groups of TACACS+ servers are configured.',
  docs: 'Passes when each given group of TACACS+ servers is configured.',
  example: { groups: ['TACACS-GROUP1', 'TACACS-GROUP2'] },
  input: () => z.strictObject({ groups: z.array(word()).min(1).describe('The groups of TACACS+ servers.') }),
  commands: () => [SHOW_TACACS],
  answers: () => [tacacsAnswer().pick({ groups: true })],
  judge: ({ groups }, [{ groups: there }]) => {
    if (there.size === 0) return passUnless(['No TACACS server group(s) are configured'])
    const missing = groups.filter((group) => !there.has(group))
    return passUnless(missing.length === 0 ? [] : [`TACACS server group(s) ${missing.join(', ')} are not configured`])
  },
})

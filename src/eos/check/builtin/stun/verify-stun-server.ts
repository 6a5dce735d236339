import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The STUN server is enabled and runs. */
export const verifyStunServer = defineVerify({
  name: 'VerifyStunServer',
  summary: 'Verifies that the STUN server is enabled and running.',
  docs: 'Passes when the server is enabled and its process runs.',
  commands: () => [{ cmd: 'show stun server status', revision: 1 }],
  answers: () => [z.object({ enabled: z.boolean().default(false), pid: z.number().optional() })],
  judge: (_input, [server]) => {
    const { enabled, pid } = server
    if (!enabled) return passUnless([`STUN server status is disabled${pid === 0 ? ' and not running' : ''}`])
    return passUnless(needed(server, 'pid') === 0 ? ['STUN server is not running'] : [])
  },
})

import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'

/** The STUN server is enabled and runs. */
export const verifyStunServer = defineVerify({
  name: 'VerifyStunServer',
  summary: 'Verifies that the STUN server is enabled and running.',
  docs: 'Passes when the server is enabled and its process runs.',
  commands: () => [{ cmd: 'show stun server status', revision: 1 }],
  answers: () => [z.object({ enabled: z.boolean(), pid: z.number().default(0) })],
  judge: (_input, [{ enabled, pid }]) => {
    if (!enabled && pid === 0) return passUnless(['STUN server status is disabled and not running'])
    if (!enabled) return passUnless(['STUN server status is disabled'])
    return passUnless(pid === 0 ? ['STUN server is not running'] : [])
  },
})

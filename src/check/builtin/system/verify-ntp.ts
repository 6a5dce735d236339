import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'

/** The clock follows an NTP server. */
export const verifyNtp = defineVerify({
  name: 'VerifyNTP',
  summary: 'Verifies that NTP is synchronised.',
  docs: 'Passes when the first line of the NTP status says synchronised.',
  commands: () => [{ cmd: 'show ntp status', format: 'text' }],
  answers: () => [z.string()],
  judge: (_input, [printed]) => {
    const status = printed.trim().split('\n', 1)[0] ?? ''
    if (status === '') return { status: 'error', reason: '`show ntp status` printed nothing' }
    return passUnless(
      /^synchronised\b/.test(status) ? [] : [`NTP status mismatch - Expected: synchronised Actual: ${status}`],
    )
  },
})

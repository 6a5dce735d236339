import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The clock follows an NTP server. */
export const verifyNtp = defineVerify({
  name: 'VerifyNTP',
  summary: 'Verifies that NTP is synchronised.',
  docs: 'Passes when the first line of the NTP status says synchronised.',
  commands: () => [{ cmd: 'show ntp status', format: 'text' }],
  answers: () => [z.string()],
  judge: (_input, [printed]) => {
    const [status = ''] = printed.split('\n')
    return passUnless(
      status.split(' ')[0] === 'synchronised' ? [] : [`NTP status mismatch - Expected: synchronised Actual: ${status}`],
    )
  },
})

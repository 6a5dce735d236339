import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Who has run which command is written down. */
export const verifyLoggingAccounting = defineVerify({
  name: 'VerifyLoggingAccounting',
  summary: 'Verifies that AAA accounting logs are generated.',
  docs: 'Passes when the last accounting logs hold the very command that asks for them.',
  commands: () => [{ cmd: 'show aaa accounting logs | tail', format: 'text' }],
  answers: () => [z.string()],
  judge: (_input, [logs]) =>
    passUnless(logs.includes('cmd=show aaa accounting logs') ? [] : ['AAA accounting logs are not generated']),
})

import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { lastLogged, loggingOf, severityInput } from './test-message.ts'

const NAME = 'VerifyLoggingLogsGeneration'

/** A message that the switch is told to log is in its log. */
export const verifyLoggingLogsGeneration = defineVerify({
  name: NAME,
  summary: 'Verifies that the switch logs a message when it is asked to.',
  docs: 'Logs one message at the severity and passes when it is in the log of the last 30 seconds.',
  example: { severity_level: 'informational' },
  input: severityInput,
  commands: ({ severity_level }) => loggingOf(NAME, severity_level),
  answers: () => [z.string(), z.string()],
  judge: (_input, [_sent, log]) => passUnless(lastLogged(NAME, log) === undefined ? ['Logs are not generated'] : []),
})

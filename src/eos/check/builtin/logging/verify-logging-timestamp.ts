import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { lastLogged, loggingOf, severityInput } from './test-message.ts'

const NAME = 'VerifyLoggingTimestamp'

/** A time as RFC 3339 has it, with microseconds and the offset of its zone: `2024-01-25T15:30:45.123456+00:00`. */
const HIGH_RESOLUTION = /^\s*\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}[+-]\d{2}:\d{2}\s/

/** Log messages say their time exactly. */
export const verifyLoggingTimestamp = defineVerify({
  name: NAME,
  summary: 'Verifies that log messages carry a high-resolution timestamp.',
  docs: 'Logs one message at the severity and passes when the log of the last 30 seconds has it with a time of RFC 3339 with microseconds and offset.',
  example: { severity_level: 'informational' },
  input: severityInput,
  commands: ({ severity_level }) => loggingOf(NAME, severity_level),
  answers: () => [z.string(), z.string()],
  judge: (_input, [_sent, log]) =>
    passUnless(
      HIGH_RESOLUTION.test(lastLogged(NAME, log) ?? '')
        ? []
        : ['Logs are not generated with the appropriate timestamp format'],
    ),
})

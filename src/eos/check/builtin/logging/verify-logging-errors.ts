import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { lastTime, timeInputs } from './log-history.ts'

/** Nothing has gone so wrong that the switch has logged an error. */
export const verifyLoggingErrors = defineVerify({
  name: 'VerifyLoggingErrors',
  summary: 'Verifies that no message of severity ERRORS or higher was logged.',
  docs: 'Passes when the log holds no such message, which is an empty answer; with `last_number_time_units` of that time only.',
  example: { last_number_time_units: 10, time_unit: 'hours' },
  input: () => z.strictObject(timeInputs()),
  commands: ({ last_number_time_units, time_unit }) => [
    { cmd: `show logging threshold errors ${lastTime(last_number_time_units, time_unit)}`, format: 'text' },
  ],
  answers: () => [z.string()],
  judge: (_input, [printed]) =>
    passUnless(
      printed === '' ? [] : [`Device has reported syslog messages with a severity of ERRORS or higher:\n${printed}`],
    ),
})

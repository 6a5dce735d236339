import { z } from 'zod'
import { matchesWithin } from '../../../../text/source/bounded-pattern.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { type Finding, tooSlow, verdictOf } from '../../finding/finding.ts'
import { integer } from '../../input/numbers.ts'
import { logSeverity, pattern } from '../../input/words.ts'
import { lastTime, timeInputs } from './log-history.ts'

const loggingEntry = () =>
  z
    .strictObject({
      regex_match: z
        .union([pattern(), z.array(pattern()).min(1)], {
          error: 'expected a regular expression, such as ^Ethernet, or a list of them',
        })
        .describe('Pattern or patterns that a line of the log may match.'),
      last_number_messages: integer(1, 9999).nullish().describe('How many messages to look at.'),
      ...timeInputs(),
      severity_level: logSeverity().default('informational').describe('Severity of the messages.'),
      fail_on_match: z.boolean().default(false).describe('Whether a pattern that is found is the fault.'),
    })
    .refine((entry) => (entry.last_number_messages == null) !== (entry.last_number_time_units == null), {
      error: 'expected either last_number_messages or last_number_time_units',
    })

type LoggingEntry = z.output<ReturnType<typeof loggingEntry>>

/** The log holds what it should, and nothing that it should not. */
export const verifyLoggingEntries = defineVerifyEach({
  name: 'VerifyLoggingEntries',
  summary: 'Verifies that patterns are, or are not, in the log.',
  docs: 'Passes when each pattern is found in the log; of an entry with `fail_on_match`, when none is.',
  example: {
    logging_entries: [
      { regex_match: '.*ACCOUNTING-5-EXEC: admin ssh.*', last_number_messages: 30, severity_level: 'alerts' },
      { regex_match: ['.*SPANTREE-6-.*'], last_number_time_units: 3, time_unit: 'hours', fail_on_match: true },
    ],
  },
  input: () => z.strictObject({ logging_entries: z.array(loggingEntry()).min(1).describe('What to look for.') }),
  commands: ({ logging_entries }) =>
    logging_entries.map((entry) => ({
      cmd: `show logging ${depthOf(entry)} ${entry.severity_level}`,
      format: 'text' as const,
    })),
  answer: () => z.string(),
  judge: ({ logging_entries }, logs) =>
    verdictOf(logging_entries.flatMap((entry, index) => findingsIn(logs[index] ?? '', entry))),
})

function findingsIn(log: string, entry: LoggingEntry): readonly Finding[] {
  const { regex_match, severity_level, fail_on_match } = entry
  const where = `in last ${depthOf(entry)} ${severity_level} log entries`
  return [regex_match].flat().flatMap((one) => {
    const isFound = matchesWithin(one, log)
    if (isFound === undefined) return [tooSlow(one)]
    if (isFound === fail_on_match) {
      return [
        {
          fault: isFound
            ? `Unexpected Pattern: \`${one}\` - Found ${where}`
            : `Pattern: \`${one}\` - Not found ${where}`,
        },
      ]
    }
    return []
  })
}

/** How far back, in the words of `show logging`: a number of messages, or a time. */
function depthOf({ last_number_messages, last_number_time_units, time_unit }: LoggingEntry): string {
  if (typeof last_number_messages === 'number') return String(last_number_messages)
  return lastTime(last_number_time_units, time_unit)
}

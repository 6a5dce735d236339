import { z } from 'zod'
import type { Command } from '../../../../model/command.ts'
import { logSeverity } from '../../input/words.ts'

/** The input of checks that log a message of their own. */
export const severityInput = () =>
  z.strictObject({
    severity_level: logSeverity().default('informational').describe('Severity of the message that is logged.'),
  })

type Severity = z.output<ReturnType<typeof severityInput>>['severity_level']

/** Has the switch log the message of a check, and asks for what it has logged since. */
export function loggingOf(check: string, severity: Severity): readonly Command[] {
  return [
    { cmd: `send log level ${severity} message ${messageOf(check)}`, format: 'text' },
    { cmd: `show logging ${severity} last 30 seconds | grep ANTA`, format: 'text', askedBy: check },
  ]
}

/** The last line of the log that holds the message of a check. */
export function lastLogged(check: string, printed: string): string | undefined {
  return printed.split('\n').findLast((line) => line.includes(messageOf(check)))
}

function messageOf(check: string): string {
  return `ANTA ${check} validation`
}

import { dateText } from '../platform/facts.ts'
import type { Actor } from './config-session.ts'

const LIMIT = 1000

/** A message of the configuration agent: its `%SYS-` mnemonic and its words (docs/eos.md 2.7). */
export interface SyslogMessage {
  readonly mnemonic: string
  readonly words: string
}

export const SYSLOG = {
  entered: (session: string, by: Actor) =>
    message('SYS-5-CONFIG_SESSION_ENTERED', `User ${by.user} entered configuration session ${session} on ${by.from}`),
  exited: (session: string, by: Actor) =>
    message('SYS-5-CONFIG_SESSION_EXITED', `User ${by.user} exited configuration session ${session} on ${by.from}`),
  committed: (session: string, by: Actor) =>
    message(
      'SYS-5-CONFIG_SESSION_COMMIT_SUCCESS',
      `User ${by.user} committed configuration session ${session} successfully on ${by.from}`,
    ),
  timerStarted: (session: string, by: Actor, seconds: number) =>
    message(
      'SYS-5-CONFIG_SESSION_COMMIT_TIMER_STARTED',
      `User ${by.user} committed session ${session} on ${by.from}, with timer ${bareTime(seconds)}(hr:min:sec).`,
    ),
  timerCanceled: (session: string) =>
    message(
      'SYS-5-CONFIG_SESSION_COMMIT_TIMER_CANCELED',
      `The commit timer on session ${session} has been canceled. The system configuration has been rolled back.`,
    ),
  timerExpired: (session: string) =>
    message(
      'SYS-3-CONFIG_SESSION_COMMIT_TIMER_TIMEDOUT',
      `The commit timer on session ${session} has expired.The system configuration will be rolled back.`,
    ),
  aborted: (session: string, by: Actor) =>
    message('SYS-5-CONFIG_SESSION_ABORTED', `User ${by.user} aborted configuration session ${session} on ${by.from}`),
  replaced: (source: string, by: Actor) =>
    message(
      'SYS-5-CONFIG_REPLACE_SUCCESS',
      `User ${by.user} replaced running configuration with ${source} successfully on ${by.from}`,
    ),
  configured: (by: Actor) => message('SYS-5-CONFIG_I', `Configured from console by ${by.user} on ${by.from}`),
  startup: () => message('SYS-5-SYSTEM_RESTARTED', 'System restarted'),
} as const

/** One line of a log with its time, milliseconds since the epoch. */
export interface LogEntry {
  readonly at: number
  readonly line: string
}

export class Syslog {
  readonly #entries: LogEntry[] = []

  write(at: number, hostname: string, { mnemonic, words }: SyslogMessage): void {
    this.#entries.push({ at, line: logLine(at, hostname, 'ConfigAgent', `%${mnemonic}: ${words}`) })
    if (this.#entries.length > LIMIT) this.#entries.shift()
  }

  entries(): readonly LogEntry[] {
    return this.#entries
  }
}

/** One line as the buffer prints it: `May 15 08:34:13 sw1 ConfigAgent: %SYS-5-CONFIG_I: ...`. */
export function logLine(at: number, hostname: string, agent: string, words: string): string {
  return `${dateText(at).slice('Fri '.length, -' 2026'.length)} ${hostname} ${agent}: ${words}`
}

function message(mnemonic: string, words: string): SyslogMessage {
  return { mnemonic, words }
}

function bareTime(seconds: number) {
  return `${Math.floor(seconds / 3600)}:${Math.floor(seconds / 60) % 60}:${seconds % 60}`
}

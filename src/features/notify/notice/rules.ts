import { isAtLeast, type NotifiedMatter, type Severity } from '../../../model/notice.ts'
import type { Notification } from './message/notification.ts'

interface Rule {
  readonly events?: readonly NotifiedMatter[] | undefined
  readonly severity: Severity
  readonly to: readonly string[]
}

export function isFor(
  rules: readonly Rule[],
  target: string,
  notification: Pick<Notification, 'what' | 'severity'>,
  about?: string,
): boolean {
  if (about === target) return false
  return rules.some(
    ({ events, severity, to }) =>
      to.includes(target) &&
      (events?.some((one) => one === notification.what) ?? true) &&
      isAtLeast(notification.severity, severity),
  )
}

const FIRST = 5_000
const LONGEST = 3_600_000

/** What a target has not taken for so long, in milliseconds, is given up. */
export const GIVES_UP_AFTER = 72 * 3_600_000

/** For how many milliseconds a target rests behind so many failures in a row: 5 s, twice as long each time, and at most an hour. */
export function restAfter(failures: number): number {
  return Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 20))
}

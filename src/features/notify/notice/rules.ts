import { isAtLeast, type NotifiedMatter, type Severity } from '../../../model/notice.ts'
import type { Notification } from './message/notification.ts'

/** Which notifications go to which targets. */
export interface Rule {
  /** Only these; any where it is absent. */
  readonly events?: readonly NotifiedMatter[] | undefined
  /** At least as grave as this. */
  readonly severity: Severity
  /** The targets, by name. */
  readonly to: readonly string[]
}

/** Whether a message goes to a target. That the target itself takes nothing is no message for it. */
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

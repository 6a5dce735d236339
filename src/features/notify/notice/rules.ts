import { isAtLeast, type NotifiedMatter, type Severity } from '../../../model/notice.ts'
import type { Notification } from './message/notification.ts'

export interface Rule {
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

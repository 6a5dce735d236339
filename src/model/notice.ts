export const NOTICE_KINDS = [
  'unknown-end',
  'undo-failed',
  'network-differs',
  'network-unknown',
  'after-failed',
  'after-unjudged',
  'record-not-intact',
  'timer-near-end',
  'approval-waits',
  'drift-found',
  'anchor-old',
  'schedule-missed',
  'disk-low',
  'break-glass',
] as const

export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** How grave a message is, the least grave first: `page` wakes somebody. */
export const SEVERITIES = ['info', 'warn', 'page'] as const

export type Severity = (typeof SEVERITIES)[number]

/** Whether something is at least as grave as a rule asks for. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least)
}

export const NOTIFIED = [
  'notice.opened',
  'notice.closed',
  'notification.given-up',
  'plan.made',
  'approval.requested',
  'approval.decided',
  'execution.started',
  'execution.ended',
  'freeze.set',
  'freeze.ended',
] as const

export type NotifiedMatter = (typeof NOTIFIED)[number]

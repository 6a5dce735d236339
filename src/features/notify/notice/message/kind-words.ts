import type { NoticeKind, Severity } from '../../../../model/notice.ts'

export const KIND_WORDS: Readonly<Record<NoticeKind, string>> = {
  'unknown-end': 'Nobody knows what is there',
  'undo-failed': 'Not put back',
  'network-differs': 'Put back, and the network is not as before',
  'network-unknown': 'Put back, and nobody knows of the network',
  'after-failed': 'Confirmed, and no longer good',
  'after-unjudged': 'Confirmed, and nobody can say whether it is still good',
  'record-not-intact': 'The record is not intact',
  'timer-near-end': 'A commit timer is near its end',
  'approval-waits': 'An approval is waited for',
  'drift-found': 'Drift',
  'anchor-old': 'An anchor is old',
  'schedule-missed': 'A schedule was missed',
  'disk-low': 'The disk is nearly full',
  'break-glass': 'The glass is broken',
}

const PAGES: readonly NoticeKind[] = [
  'unknown-end',
  'undo-failed',
  'network-differs',
  'network-unknown',
  'after-failed',
  'record-not-intact',
]

export function severityOfKind(kind: NoticeKind): Exclude<Severity, 'info'> {
  return PAGES.includes(kind) ? 'page' : 'warn'
}

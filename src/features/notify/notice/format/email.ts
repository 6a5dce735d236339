import { cutText } from '../../../../report/phrases/spoken.ts'
import { hanging, visible, visibleLine } from '../../../../report/text/visible.ts'
import type { AddressedNotification } from './addressed-notification.ts'
import { eventId } from './cloud-event.ts'

const SUBJECT = 180

export interface Mail {
  readonly subject: string
  readonly text: string
  /** The left part of its Message-ID (RFC 5322, section 3.6.4): the same whenever it is sent. */
  readonly id: string
  readonly isUrgent: boolean
}

export function emailMessage(addressed: AddressedNotification): Mail {
  const { notification, origin, link, diff } = addressed
  const { severity, title, text, facts, at } = notification
  const blocks = [
    // What somebody has typed as a reason may have lines that look like ours.
    hanging(text),
    [...facts, ['at', at] as const].map(([name, value]) => `${visibleLine(name)}: ${visibleLine(value)}`).join('\n'),
    ...(link === undefined ? [] : [link]),
    ...(diff === undefined ? [] : [visible(diff)]),
  ]
  return {
    subject: cutText(`[eosflow ${severity}] ${visibleLine(title)}`, SUBJECT),
    text: `${blocks.join('\n\n')}\n`,
    id: eventId(origin, notification).replace(/[^A-Za-z0-9.-]/g, '.'),
    isUrgent: severity === 'page',
  }
}

import type { Json } from '../../../../model/json.ts'
import { cutText } from '../../../../report/phrases/spoken.ts'
import { visible } from '../../../../report/text/visible.ts'
import type { AddressedNotification } from './addressed-notification.ts'

// Teams refuses a message of more than 28 KB (learn.microsoft.com, Create and send messages with webhooks).
const TEXT = 4_000
const DIFF = 12_000

const COLOURS = { info: 'Default', warn: 'Warning', page: 'Attention' } as const

/** A notification for a webhook of Teams: an Adaptive Card 1.4. */
export function teamsMessage({ notification, link, diff }: AddressedNotification): Readonly<Record<string, Json>> {
  const { severity, title, text, facts } = notification
  const body: readonly Json[] = [
    { type: 'TextBlock', text: plain(title), size: 'Medium', weight: 'Bolder', color: COLOURS[severity], wrap: true },
    { type: 'TextBlock', text: plain(cutText(text, TEXT)), wrap: true },
    ...(facts.length === 0
      ? []
      : [{ type: 'FactSet', facts: facts.map(([name, value]) => ({ title: plain(name), value: plain(value) })) }]),
    ...(diff === undefined
      ? []
      : [{ type: 'TextBlock', text: plain(cutText(diff, DIFF)), fontType: 'Monospace', wrap: true }]),
  ]
  const actions = link === undefined ? [] : [{ type: 'Action.OpenUrl', title: 'Open in the control room', url: link }]
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
    actions,
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}

function plain(text: string) {
  return visible(text).replace(/[\\*_[\]()#`<>]/g, (mark) => `\\${mark}`)
}

import type { Json } from '../../../../model/json.ts'
import { cutText } from '../../../../report/phrases/spoken.ts'
import { visible, visibleLine } from '../../../../report/text/visible.ts'
import type { AddressedNotification } from './addressed-notification.ts'

// Slack takes 150 characters in a header and 3,000 in a section (docs.slack.dev, Block Kit reference).
const HEADER = 150
const SECTION = 3_000

const MARKS = { info: ':information_source:', warn: ':warning:', page: ':rotating_light:' } as const

export function slackMessage({ notification, link, diff }: AddressedNotification): Readonly<Record<string, Json>> {
  const { severity, title, text, facts } = notification
  const lines = facts.map(([name, value]) => `${visibleLine(name)}: ${visibleLine(value)}`)
  // Plain text has no markup, so that a name with `_` or `*` in it is copied as it is (docs.slack.dev, Text object).
  const plain = (words: string): Json => ({ type: 'section', text: { type: 'plain_text', text: words, emoji: false } })
  // Verbatim: of what looks like an address or a name Slack makes no link and no mention.
  const section = (words: string): Json => ({ type: 'section', text: { type: 'mrkdwn', text: words, verbatim: true } })
  return {
    text: cutText(`${MARKS[severity]} ${escaped(title)}`, SECTION),
    mrkdwn: false,
    unfurl_links: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cutText(visible(title), HEADER) } },
      plain(cutText([visible(text), ...lines].join('\n'), SECTION)),
      ...(diff === undefined ? [] : [section(fenced(diff))]),
      ...(link === undefined ? [] : [section(`<${link}|Open in the control room>`)]),
    ],
  }
}

function escaped(text: string) {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function fenced(diff: string) {
  const text = escaped(diff).replaceAll('```', "'''")
  return `\`\`\`${cutText(text, SECTION - 6)}\`\`\``
}

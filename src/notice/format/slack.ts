import type { Json } from '../../model/json.ts'
import { cutText } from '../../report/view/spoken.ts'
import { visible } from '../../report/visible.ts'
import type { Letter } from './letter.ts'

/** Slack takes 150 characters in a header and 3,000 in a section (docs.slack.dev, Block Kit reference). */
const HEADER = 150
const SECTION = 3_000

const MARKS = { info: ':information_source:', warn: ':warning:', page: ':rotating_light:' } as const

/** A notification for an incoming webhook of Slack: a text for what shows no blocks, and blocks. Nothing in it can be clicked but the link. */
export function slackMessage({ notification, link, diff }: Letter): Readonly<Record<string, Json>> {
  const { severity, title, text, facts } = notification
  const lines = facts.map(([name, value]) => `*${escaped(name)}*: ${escaped(value)}`)
  // Verbatim: of what looks like an address or a name Slack makes no link and no mention (docs.slack.dev, Text object).
  const section = (words: string): Json => ({ type: 'section', text: { type: 'mrkdwn', text: words, verbatim: true } })
  return {
    text: cutText(`${MARKS[severity]} ${escaped(title)}`, SECTION),
    unfurl_links: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cutText(visible(title), HEADER) } },
      section(cutText([escaped(text), ...lines].join('\n'), SECTION)),
      ...(diff === undefined ? [] : [section(fenced(diff))]),
      ...(link === undefined ? [] : [section(`<${link}|Open in the control room>`)]),
    ],
  }
}

/** The three characters that Slack reads as markup, and what starts bold, italics, struck and code (docs.slack.dev, Formatting message text). */
function escaped(text: string): string {
  const plain = visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return plain.replace(/[*_~`]/g, (mark) => `${mark}\u200b`)
}

function fenced(diff: string): string {
  const text = visible(diff)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('```', "'''")
  return `\`\`\`${cutText(text, SECTION - 6)}\`\`\``
}

import { definedItems, definedMembers, type Json } from '../../../model/json.ts'
import { cutText } from '../../../report/phrases/spoken.ts'
import { hanging, visible, visibleLine } from '../../../report/text/text.ts'
import type { Notification } from './message/notification.ts'

export interface AddressedNotification {
  readonly notification: Notification
  readonly origin: string
  /** The page that shows it; absent where nobody has said how the control room is reached. */
  readonly link?: string
  /** The plan with its diff, without its secrets; absent unless the settings ask for it. */
  readonly diff?: string
}

/**
 * A notification as a CloudEvent (CloudEvents 1.0, section 3; JSON format 1.0, section 3). The id is the same whenever it is sent, so that a
 * receiver knows what it has already.
 */
export function cloudEvent({
  notification,
  origin,
  link,
  diff,
}: AddressedNotification): Readonly<Record<string, Json>> {
  const { what, at, execution, trace } = notification
  return {
    specversion: '1.0',
    id: eventId(origin, notification),
    source: origin,
    type: `eosflow.${what}.v1`,
    time: at,
    ...definedMembers({ subject: execution }),
    // The extension for distributed tracing.
    ...definedMembers({ traceparent: trace }),
    datacontenttype: 'application/json',
    data: { ...dataOf(notification), ...definedMembers({ link, diff }) },
  }
}

/** What names a notification among all of all stores: `<store>/<execution>/<record>`. */
export function eventId(origin: string, { execution, seq }: Pick<Notification, 'execution' | 'seq'>): string {
  return `${origin}/${execution ?? '-'}/${seq}`
}

function dataOf({
  severity,
  title,
  text,
  facts,
  execution,
  workflow,
  plan,
  outcome,
  devices,
  notice,
  byEvent,
}: Notification): Readonly<Record<string, Json>> {
  const known = { execution, workflow, plan, outcome, devices, notice, byEvent }
  return {
    version: 1,
    severity,
    title,
    text,
    facts: Object.fromEntries(facts),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  }
}

const SUBJECT = 180

interface Mail {
  readonly subject: string
  readonly text: string
  // The left part of its Message-ID (RFC 5322, section 3.6.4): the same whenever it is sent.
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
    blocks: definedItems(
      { type: 'header', text: { type: 'plain_text', text: cutText(visible(title), HEADER) } },
      plain(cutText([visible(text), ...lines].join('\n'), SECTION)),
      diff !== undefined && section(fenced(diff)),
      link !== undefined && section(`<${link}|Open in the control room>`),
    ),
  }
}

function escaped(text: string) {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function fenced(diff: string) {
  const text = escaped(diff).replaceAll('```', "'''")
  return `\`\`\`${cutText(text, SECTION - 6)}\`\`\``
}

// Teams refuses a message of more than 28 KB (learn.microsoft.com, Create and send messages with webhooks).
const TEXT = 4_000
const DIFF = 12_000

const COLOURS = { info: 'Default', warn: 'Warning', page: 'Attention' } as const

/** A notification for a webhook of Teams: an Adaptive Card 1.4. */
export function teamsMessage({ notification, link, diff }: AddressedNotification): Readonly<Record<string, Json>> {
  const { severity, title, text, facts } = notification
  const body: readonly Json[] = definedItems(
    { type: 'TextBlock', text: plain(title), size: 'Medium', weight: 'Bolder', color: COLOURS[severity], wrap: true },
    { type: 'TextBlock', text: plain(cutText(text, TEXT)), wrap: true },
    facts.length !== 0 && {
      type: 'FactSet',
      facts: facts.map(([name, value]) => ({ title: plain(name), value: plain(value) })),
    },
    diff !== undefined && { type: 'TextBlock', text: plain(cutText(diff, DIFF)), fontType: 'Monospace', wrap: true },
  )
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

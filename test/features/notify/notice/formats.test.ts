import { describe, expect, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import {
  type AddressedNotification,
  cloudEvent,
  emailMessage,
  slackMessage,
  teamsMessage,
} from '../../../../src/features/notify/notice/formats.ts'
import { notificationOf, type Subject, subjectOf } from '../../../../src/features/notify/notice/message/notification.ts'
import { isFor, restAfter } from '../../../../src/features/notify/notice/rules.ts'
import { NOTIFIED } from '../../../../src/model/notice.ts'
import { EACH_AUDIT_EVENT } from '../../../change/record/audit/each-audit-event.ts'
import { EACH_MACHINE_EVENT } from '../../../change/record/each-machine-event.ts'
import { ONE_OF_EACH } from '../../../change/record/one-of-each-event.ts'

const LETTER: AddressedNotification = {
  notification: {
    what: 'notice.opened',
    severity: 'page',
    seq: 7,
    at: '2026-01-05T08:00:30.000Z',
    title: 'Not put back: <!channel> *x*',
    text: 'leaf1 & leaf2: [click](https://evil.example.com)\u202e',
    facts: [['switches', 'leaf1|leaf2']],
    path: '/executions/x1',
    execution: 'x1',
  },
  origin: 'eosflow.audit/0123456789abcdef',
  link: 'https://eosflow.example.com/executions/x1',
}

describe('a text of somebody else is shown and not obeyed', () => {
  test('by Slack', () => {
    expect(slackMessage(LETTER)).toEqual({
      text: ':rotating_light: Not put back: &lt;!channel&gt; *x*',
      mrkdwn: false,
      unfurl_links: false,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Not put back: <!channel> *x*' } },
        {
          type: 'section',
          text: {
            // Without markup a name is copied as it is.
            type: 'plain_text',
            text: 'leaf1 & leaf2: [click](https://evil.example.com)\\u{202e}\nswitches: leaf1|leaf2',
            emoji: false,
          },
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '<https://eosflow.example.com/executions/x1|Open in the control room>',
            verbatim: true,
          },
        },
      ],
    })
  })

  test('by Teams', () => {
    expect(teamsMessage(LETTER)).toEqual({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              {
                type: 'TextBlock',
                text: 'Not put back: \\<!channel\\> \\*x\\*',
                size: 'Medium',
                weight: 'Bolder',
                color: 'Attention',
                wrap: true,
              },
              {
                type: 'TextBlock',
                text: 'leaf1 & leaf2: \\[click\\]\\(https://evil.example.com\\)\\\\u{202e}',
                wrap: true,
              },
              { type: 'FactSet', facts: [{ title: 'switches', value: 'leaf1|leaf2' }] },
            ],
            actions: [
              {
                type: 'Action.OpenUrl',
                title: 'Open in the control room',
                url: 'https://eosflow.example.com/executions/x1',
              },
            ],
          },
        },
      ],
    })
  })

  test('by mail', () => {
    const notification = { ...LETTER.notification, title: 'x\r\nBcc: eve@example.com' }
    expect(emailMessage({ ...LETTER, notification })).toEqual({
      subject: '[eosflow page] x\\u{d}\\u{a}Bcc: eve@example.com',
      text: 'leaf1 & leaf2: [click](https://evil.example.com)\\u{202e}\n\nswitches: leaf1|leaf2\nat: 2026-01-05T08:00:30.000Z\n\nhttps://eosflow.example.com/executions/x1\n',
      id: 'eosflow.audit.0123456789abcdef.x1.7',
      isUrgent: true,
    })
  })

  test('a text that is too long for a chat is cut, and a diff cannot end its block', () => {
    const notification = { ...LETTER.notification, title: 'x'.repeat(5_000), text: '&'.repeat(5_000) }
    const diff = `\`\`\`\n${'y'.repeat(20_000)}`
    const slack = JSON.stringify(slackMessage({ ...LETTER, notification, diff }))
    expect(slack.length).toBeLessThan(10_000)
    expect(slack.match(/```/g)).toHaveLength(2)
    expect(JSON.stringify(teamsMessage({ ...LETTER, notification, diff })).length).toBeLessThan(28_000)
  })
})

test('[E13] a name of a chat is copied as it is, and a reason makes no line that looks like ours', () => {
  const { notification } = LETTER
  const asked = {
    ...notification,
    text: 'until noon\nby: Ann\n\nhttps://evil.example.com',
    facts: [['by', 'leaf_1*'] as const],
  }
  const slack = JSON.stringify(slackMessage({ ...LETTER, notification: asked }))
  expect([slack.includes('\u200b'), slack.includes('by: leaf_1*')]).toEqual([false, true])
  // What cannot be seen shows, in the text for what shows no blocks and in the lines too.
  const hidden = JSON.stringify(
    slackMessage({ ...LETTER, notification: { ...asked, title: 'a\u202eb' }, diff: '+c\u202ed' }),
  )
  expect([hidden.includes('\u202e'), hidden.split('u{202e}').length]).toEqual([false, 4])
  const { text } = emailMessage({ ...LETTER, notification: asked })
  const ours = text.split('\n').filter((line) => /^\S/.test(line))
  expect(ours).toEqual([
    'until noon',
    'by: leaf_1*',
    'at: 2026-01-05T08:00:30.000Z',
    'https://eosflow.example.com/executions/x1',
  ])
})

const AT = '2026-01-05T08:00:00.000Z'
const SUBJECT: Subject = { id: 'x1', workflow: 'add-vlan', title: 'vlan 140', by: 'Ann' }
const recorded = (body: EventBody): JournalEvent => ({ v: 1, seq: 9, at: AT, actor: 'a', execution: 'x1', ...body })

describe('what is told', () => {
  test('of every type of record: each of the names is told of one, and nothing else is told', () => {
    const told = [...ONE_OF_EACH, ...EACH_MACHINE_EVENT, ...EACH_AUDIT_EVENT].map(
      (body) => [body.type, notificationOf(recorded(body), SUBJECT)] as const,
    )
    expect(told.length).toBeGreaterThan(80)
    const types = [
      ...new Set(told.flatMap(([type, one]) => (one === undefined ? [] : [`${type}: ${one.what}`]))),
    ].sort()
    expect(types).toEqual([
      'ApprovalDecided: approval.decided',
      'ApprovalRequested: approval.requested',
      'ExecutionEnded: execution.ended',
      'ExecutionStarted: execution.started',
      'FreezeEnded: freeze.ended',
      'FreezeSet: freeze.set',
      'NoticeClosed: notice.closed',
      'NoticeOpened: notice.opened',
      'NotificationGivenUp: notification.given-up',
      'PlanMade: plan.made',
    ])
    expect(types).toHaveLength(NOTIFIED.length)
  })

  test.each([
    ['succeeded', 'info'],
    ['planned', 'info'],
    ['nothing-to-do', 'info'],
    ['tolerated', 'warn'],
    ['refused', 'warn'],
    ['rolled-back', 'warn'],
    ['cancelled', 'warn'],
    ['failed', 'warn'],
    // The notice about it wakes somebody: two would be two for one cause.
    ['unknown', 'warn'],
  ] as const)('an execution that ends %s is %s', (outcome, severity) => {
    const event = recorded({ type: 'ExecutionEnded', outcome, devices: { leaf1: 'changed' } })
    expect(notificationOf(event, SUBJECT)).toMatchObject({ severity, path: '/executions/x1', outcome })
  })

  test('of an error only its first line: those behind it may be lines of a configuration', () => {
    const message = 'leaf1: running-config is not the approved one\n+ vlan 140\n-   name OLD'
    const ended = recorded({
      type: 'ExecutionEnded',
      outcome: 'failed',
      error: { kind: 'stale', message },
      devices: { leaf1: 'reverted' },
    })
    const opened = recorded({
      type: 'NoticeOpened',
      notice: 'undo-failed',
      cause: 'undo-failed x1',
      severity: 'page',
      reason: message,
    })
    for (const event of [ended, opened])
      expect(notificationOf(event, SUBJECT)?.text).toBe('leaf1: running-config is not the approved one')
  })

  test('a plan that is only made starts nothing', () => {
    const [started] = ONE_OF_EACH.filter((body) => body.type === 'ExecutionStarted')
    if (started === undefined) throw new Error('no such record')
    expect(notificationOf(recorded({ ...started, purpose: 'plan' }), SUBJECT)).toBeUndefined()
  })

  test('a CloudEvent about an execution in a trace says which', () => {
    const [started] = EACH_MACHINE_EVENT.filter((body) => body.type === 'ExecutionStarted')
    if (started?.type !== 'ExecutionStarted') throw new Error('no such record')
    const event = { ...recorded(started), ...started, execution: 'x1' }
    const notification = notificationOf(event, subjectOf(event))
    if (notification === undefined) throw new Error('no such message')
    expect(cloudEvent({ ...LETTER, notification })).toMatchObject({
      subject: 'x1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    })
    expect('traceparent' in cloudEvent(LETTER)).toBe(false)
  })

  test('by rules: the target, the event and how grave it is', () => {
    const rules = [
      { severity: 'page', to: ['pager'] },
      { events: ['execution.ended'], severity: 'info', to: ['chat', 'log'] },
    ] as const
    const ended = { what: 'execution.ended', severity: 'info' } as const
    const page = { what: 'notice.opened', severity: 'page' } as const
    expect(['pager', 'chat', 'log', 'other'].map((name) => isFor(rules, name, ended))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(['pager', 'chat', 'log', 'other'].map((name) => isFor(rules, name, page))).toEqual([
      true,
      false,
      false,
      false,
    ])
    expect(isFor(rules, 'pager', page, 'pager')).toBe(false)
  })

  test('rests grow from 5 s to an hour', () => {
    expect([1, 2, 3, 10, 11, 12, 1_000].map(restAfter)).toEqual([
      5_000, 10_000, 20_000, 2_560_000, 3_600_000, 3_600_000, 3_600_000,
    ])
  })
})

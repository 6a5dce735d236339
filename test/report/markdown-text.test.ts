import { expect, test } from 'vitest'
import { type CheckResult, checkResultsAs } from '../../src/report/check-results/formats.ts'
import { complyAs } from '../../src/report/comply/formats.ts'
import { snapshotDiffAs } from '../../src/report/snapshot-diff/formats.ts'
import { markdownText } from '../../src/report/text/text.ts'
import { executionMarkdown } from '../../src/report/view/markdown.ts'

/** What a switch says in the hope that a forge calls somebody, links somewhere or refers to something. */
const SAID = 'no @all, see https://evil.example/a or www.evil.example, as in #12 and !34 of a_b/c#5'

/** What a forge makes something of in a bare text. */
const ALIVE = /@|:\/\/|www\.|#\d(?!\d*;)|!\d/

const result: CheckResult = {
  device: 'leaf1',
  check: 'VerifyNTP',
  categories: [],
  description: '',
  status: 'error',
  messages: [SAID],
  commands: [SAID],
}

const VIEW = {
  headline: SAID,
  unattended: SAID,
  title: SAID,
  workflow: SAID,
  id: 'x1',
  requester: { id: 'a', display: SAID },
  startedAt: null,
  endedAt: null,
  disruption: {
    words: SAID,
    isOver: true,
    probes: [{ name: SAID, gone: SAID, sent: 1, lost: 1, remarks: [SAID] }],
    seen: { head: SAID, each: [SAID] },
  },
  waves: [{ number: 1, lanes: [{ device: 'leaf1', mark: { word: SAID }, note: SAID }] }],
  why: {
    findings: [{ device: 'leaf1', check: SAID, reasons: [{ text: SAID }] }],
    failures: [{ device: 'leaf1', state: SAID, message: SAID }],
  },
  warnings: [SAID],
  approvals: [{ decision: 'approve', by: 'a', display: SAID, at: 'now', comment: SAID }],
}

test.each<[string, () => string, number]>([
  ['an execution', () => executionMarkdown(VIEW as never), 19],
  ['results of checks', () => checkResultsAs.markdown([result]), 2],
  [
    'a comparison with what is intended',
    () =>
      complyAs.markdown({
        switches: [{ name: 'leaf1', state: 'unread', failure: new Error(SAID) }],
        exceptions: [],
      }),
    1,
  ],
  [
    'a comparison of snapshots',
    () =>
      snapshotDiffAs.markdown(
        [
          {
            name: 'leaf1',
            known: 'both',
            switch: [SAID],
            config: [],
            state: { vlan: { comparable: true, changes: [{ subject: '1', kind: 'added', is: null, text: SAID }] } },
          },
        ],
        { before: SAID, after: SAID },
      ),
    4,
  ],
])('%s as Markdown calls nobody and leads nowhere, whoever has written what it shows', (_, markdown, times) => {
  const text = markdown()
  expect(text.split('evil.example/a').length - 1).toBe(times)
  expect(text.match(ALIVE)).toBeNull()
})

test.each([
  ['leaf1: 10.0.0.1/31', 'leaf1: 10.0.0.1/31'],
  ['kv/data/net/rw#password', 'kv/data/net/rw#password'],
  ['a|b', 'a&#124;b'],
  ['@alice', '&#64;<!-- -->alice'],
  ['&#64;', '&#38;&#35;<!-- -->64;'],
])('%s is written as %s', (text, written) => {
  expect(markdownText(text)).toBe(written)
})

import { describe, expect, test } from 'vitest'
import type { StateChange, StateComparison } from '../../src/eos/check/finding/compare.ts'
import { type DeviceDiff, snapshotDiffAs } from '../../src/report/snapshot-diff/formats.ts'
import { plain } from '../../src/report/text/text.ts'

const idle: StateChange = {
  subject: '10.0.0.1',
  vrf: 'default',
  kind: 'changed',
  attribute: 'state',
  was: 'Established',
  is: 'Idle',
  text: 'BGP 10.0.0.1 in default: Established -> Idle',
}

/** A name that somebody gave a VLAN in the hope that a report would run it. */
const HOSTILE = '<script>alert(1)</script> | **x** ``` "y" \u202e'

const hostile: StateChange = {
  subject: '120',
  kind: 'added',
  is: { name: HOSTILE },
  text: `VLAN 120 added: ${HOSTILE}, active, on no interface`,
}

const unread: StateComparison = {
  comparable: false,
  fault: 'missing',
  text: 'optics cannot be compared: before: it was not read',
}

const DIFFS: readonly DeviceDiff[] = [
  { name: 'spine1', known: 'both', switch: [], config: [], state: {} },
  {
    name: 'leaf1',
    known: 'both',
    switch: ['EOS: 4.31.4M -> 4.32.2F'],
    config: [
      { sign: ' ', text: 'vlan 120' },
      { sign: '+', text: `   name ${HOSTILE}` },
      { sign: '-', text: '   name WEB' },
    ],
    state: {
      bgp: { comparable: true, changes: [idle] },
      optics: unread,
      vlan: { comparable: true, changes: [hostile] },
    },
  },
  { name: 'leaf2', known: 'before', switch: [], config: [], state: {} },
]

const SIDES = { before: 'monday', after: 'tuesday' }

describe('a comparison of snapshots', () => {
  test('as text', async () => {
    await expect(`${snapshotDiffAs.text(DIFFS, SIDES, plain)}\n`).toMatchFileSnapshot(
      '../golden/snapshot-diff-small.txt',
    )
  })

  test('as Markdown', async () => {
    await expect(snapshotDiffAs.markdown(DIFFS, SIDES)).toMatchFileSnapshot('../golden/snapshot-diff.md')
  })

  test('as a page', async () => {
    await expect(snapshotDiffAs.html(DIFFS, { before: 'monday' })).toMatchFileSnapshot('../golden/snapshot-diff.html')
  })

  test('as JSON: subjects, both sides and lines', () => {
    expect(JSON.parse(snapshotDiffAs.json(DIFFS, { before: 'monday' }))).toMatchObject({
      version: 1,
      kind: 'snapshot-diff',
      before: 'monday',
      after: null,
      equal: false,
      devices: {
        spine1: { same: true, state: {} },
        leaf1: { same: false, state: { bgp: { comparable: true, changes: [idle] }, optics: unread } },
        leaf2: { same: false, known: 'before' },
      },
    })
  })

  test('no form lets what a switch says be markup, a second line or another direction of reading', () => {
    const page = snapshotDiffAs.html(DIFFS, { before: '"><img src=x>', after: '<b>' })
    const markdown = snapshotDiffAs.markdown(DIFFS, SIDES)
    const [beforeBlock = '', , afterBlock = ''] = markdown.split(/^```.*$/m)
    expect(page).not.toMatch(/<script|<img|<b>/)
    expect(beforeBlock + afterBlock).not.toMatch(/<script|\*\*x\*\*/)
    expect(markdown.match(/^```/gm)).toHaveLength(2)
    for (const form of [page, markdown, snapshotDiffAs.text(DIFFS, SIDES, plain)]) expect(form).not.toContain('\u202e')
    expect(page).not.toMatch(/<link|<[^>]*(?:src|href)=|url\(|@import/)
  })

  test('a person is spared the thousandth route; a program is not', () => {
    const changes = Array.from({ length: 1000 }, (_, at) => ({ ...idle, text: `route 10.9.${at}.0/24 gone` }))
    const many: readonly DeviceDiff[] = [
      { name: 'leaf1', known: 'both', switch: [], config: [], state: { routes: { comparable: true, changes } } },
    ]
    const text = snapshotDiffAs.text(many, SIDES, plain)
    expect(text.split('\n')).toHaveLength(1 + 50 + 1 + 2)
    expect(text).toContain('  and 950 more changes of routes\n')
    expect(text).toContain('1000 changes of state')
    expect(snapshotDiffAs.json(many, SIDES).match(/gone/g)).toHaveLength(1000)
    expect(snapshotDiffAs.html(many, SIDES).match(/gone/g)).toHaveLength(1000)
  })
})

import { describe, expect, test } from 'vitest'
import type { PlanWarning } from '../../../src/change/plan/plan.ts'
import { type ApprovalData, approvalPage } from '../../../src/report/page/approval.ts'
import { prose } from '../../../src/report/page/html.ts'
import { overviewPage } from '../../../src/report/page/overview.ts'
import { PAGES } from './all-pages.ts'
import { FULL_PLAN, NOW, OVERVIEW, PLAN } from './material.ts'

const bodyOf = (name: string) => String(PAGES[name]?.body)

/** What is said before a decision: the class of each item, and its words. */
function notesIn(html: string) {
  const list = /<ul class="notes">.*?<\/ul>/s.exec(html)?.[0] ?? ''
  return [...list.matchAll(/<li class="(\w+)">(.*?)<\/li>/gs)].map(
    ([, kind, words = '']) => `${kind}: ${words.replaceAll(/<[^>]*>/g, '').slice(0, 40)}`,
  )
}

describe('before a decision', () => {
  const pageOf = (warnings: readonly PlanWarning[], notes: ApprovalData['notes'] = []) =>
    String(
      approvalPage({
        now: NOW,
        plan: { ...PLAN, content: { ...PLAN.content, warnings } },
        standing: 'open',
        demands: [],
        decisions: [],
        notes,
        form: { csrf: 'c', ways: ['here'], mayReject: true },
      }).body,
    )

  test('[3N6] the risks of the plan are read first, and before its change, and each is there once', () => {
    const page = bodyOf('approval-of-everything')
    expect(notesIn(page)).toEqual([
      'note: leaf1: was broken before, and stays so: ',
      'note: The gate of the policy demands 2 approva',
      'note: leaf1 leaf2 leaf3 leaf4: vxlan vlan 140 ',
      'open: Nobody has rehearsed it under faults',
      'good: Read from the switches at 16:25 UTC; rea',
    ])
    expect(page.indexOf('id="before"')).toBeLessThan(page.indexOf('id="change"'))
    // The lines that go are shown themselves.
    expect(page).not.toContain('RISK (foreign-removals)')
    const twice = { code: 'opens-login', device: 'leaf1', message: 'lets a user in' } as const
    expect(notesIn(pageOf([twice, twice], [{ kind: 'note', text: 'leaf1: lets a user in' }]))).toEqual([
      'note: leaf1: lets a user in',
      'good: Read from the switches at 16:25 UTC; rea',
    ])
  })

  test('[3N6] a triangle is at what must be decided alone: what is only true is below the change', () => {
    const page = bodyOf('approval-of-everything')
    const before = page.slice(0, page.indexOf('id="change"'))
    expect(FULL_PLAN.evidence.cloudVision).toEqual(['leaf1', 'leaf2'])
    expect(page.match(/to CloudVision/g)).toHaveLength(1)
    expect(before).not.toMatch(/CloudVision|Watched beside them|At most 2 of pod-1/)
    const after = page.slice(page.indexOf('id="change"'))
    expect(after).toMatch(/At most 2 of pod-1.*Watched beside them.*to CloudVision/s)
    const said = pageOf([], [{ kind: 'fact', text: 'You have approved' }])
    expect(notesIn(said)).toEqual(['fact: You have approved', 'good: Read from the switches at 16:25 UTC; rea'])
  })

  test('of very many risks the first twelve are told, and the others are counted', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      code: 'doubtful-line' as const,
      device: `leaf${index}`,
      message: 'may be refused',
    }))
    const notes = notesIn(pageOf(many))
    expect(notes).toHaveLength(14)
    expect(notes[12]).toBe('note: 28 more risks: read them with eosflow sh')
  })
})

test('[3N6] no page shows a raw backtick: what is between two of them is code', () => {
  for (const [name, { body }] of Object.entries(PAGES))
    expect([name, String(body).includes('&#96;')]).toEqual([name, false])
  expect(String(prose('approve with `eosflow approve`, <now>'))).toBe(
    'approve with <code>eosflow approve</code>, &lt;now&gt;',
  )
  expect(String(prose('a ` alone'))).toBe('a &#96; alone')
})

describe('the overview', () => {
  test('[3N6] names a change by its workflow first, in bold, and then by its values', () => {
    const page = String(overviewPage(OVERVIEW).body)
    expect(page).toContain('Approve <b>add-vlan</b> vlan 170 VOICE on 4 switches')
    expect(page).toContain(
      '<a class="quiet" href="/executions/20261121-162950-2f4ec54e"><b>add-vlan</b> vlan 180 PRINTERS</a>',
    )
    expect(page).toContain('<a class="quiet" href="/executions/20261120-224010-77aa0c1d"><b>tune-mlag-pairs</b> mlag')
  })

  test('[3N6] draws the hours of a day only if something began in three of them', () => {
    const drawn = (...hours: readonly number[]) => {
      const day = hours.map((ago) => ({ at: new Date(NOW - ago * 3_600_000).toISOString(), standing: 'succeeded' }))
      return String(overviewPage({ ...OVERVIEW, health: { ...OVERVIEW.health, day } }).body).includes('class="squares"')
    }
    expect([drawn(0.5, 0.6, 0.7, 5.5), drawn(0.5, 3.5, 5.5)]).toEqual([false, true])
  })

  test('[3N6] says of the record what is missing, in words that need no glossary', () => {
    const page = String(overviewPage(OVERVIEW).body)
    expect(page).toContain('No checkpoint of it is kept elsewhere: <a href="/record">what that means</a>')
    expect(page).not.toContain('anchor')
  })
})

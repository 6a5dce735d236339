import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { approvalPage } from '../../../src/report/page/approval.ts'
import { approvalsCard, checksList, type ExecutionAct, executionPage } from '../../../src/report/page/execution.ts'
import { lanes } from '../../../src/report/page/lanes.ts'
import { overviewPage } from '../../../src/report/page/overview.ts'
import { executionTable } from '../../../src/report/page/switches.ts'
import { PAGES } from './all-pages.ts'
import { ITEMS, NOW, OVERVIEW, PLAN, recordedView } from './material.ts'

const black = (page: { readonly body: object; readonly bar?: object }) =>
  [...`${page.body}${page.bar ?? ''}`.matchAll(/<(?:a|button) class="btn pri[^>]*>([^<]*)/g)].map(
    ([, word = '']) => word,
  )

test('[B3] black is for the next expected act alone: at most one on a page, and none where nobody has to act', () => {
  const pages = Object.entries(PAGES)
  expect(pages.filter(([, page]) => black(page).length > 1).map(([name]) => name)).toEqual([])
  expect(pages.filter(([, page]) => black(page).length === 1).map(([name]) => name)).toEqual([
    'execution-waiting',
    'overview',
    'overview-grave',
    'approval',
    'approval-of-everything',
    'approval-stale',
    'approval-made-again',
    'plan-form',
    'login',
    'link',
    'rollback',
    'unfreeze',
  ])
  const acts = (name: string, ...may: readonly ExecutionAct[]) =>
    black(executionPage({ view: recordedView(name), acts: may }))
  expect(acts('waiting', 'approve', 'stop')).toEqual(['Read and decide'])
  expect(acts('soaking', 'resume', 'stop')).toEqual(['Resume'])
  expect(acts('soaking', 'suspend', 'stop')).toEqual([])
  expect(acts('succeeded', 'rollback')).toEqual([])
  expect(acts('rolled-back', 'redrive')).toEqual([])
  const [decision] = OVERVIEW.decisions
  if (decision === undefined) throw new Error('nothing waits')
  const second = { ...decision, digest: 'sha256:0' }
  expect(black(overviewPage({ ...OVERVIEW, decisions: [decision, second] }))).toEqual(['Review'])
  expect(black(PAGES.executions ?? ({} as never))).toEqual([])
})

const decided = (plan: typeof PLAN, ways: readonly ('passkey' | 'here')[] = ['here']) =>
  approvalPage({
    now: NOW,
    plan,
    standing: 'open',
    demands: [],
    decisions: [],
    notes: [],
    form: { csrf: 'c', ways, mayReject: true },
  })

test('[B3] of one switch a plan tells no order, and no card is there that says nothing', () => {
  const facts = (plan: typeof PLAN) =>
    /<dl class="card facts four">.*?<\/dl>/s.exec(String(decided(plan).body))?.[0] ?? ''
  const { content } = PLAN
  const one = {
    ...PLAN,
    content: { ...content, waves: [['leaf3']], devices: content.devices.filter(({ name }) => name === 'leaf3') },
  }
  expect(facts(one)).toContain('<dt>+8 −1 lines</dt><dd>on leaf3 alone</dd>')
  expect(facts(one)).not.toMatch(/wave|pairs|1 switch/)
  expect(facts(one).match(/<dt>/g)).toHaveLength(3)
  expect(facts(PLAN).match(/<dt>/g)).toHaveLength(4)
  const [live] = OVERVIEW.live
  if (live === undefined) throw new Error('nothing is under way')
  const now = (waves: typeof live.waves) => String(overviewPage({ ...OVERVIEW, live: [{ ...live, waves }] }).body)
  const wave = { switches: ['leaf3'], word: 'live, verifying', tone: 'live' } as const
  expect(now([wave])).not.toContain('class="waves"')
  expect(now([wave, { ...wave, switches: ['leaf4'] }])).toContain('class="waves"')
  const waiting = recordedView('waiting')
  const [first] = waiting.waves
  const [lane] = first?.lanes ?? []
  if (first === undefined || lane === undefined) throw new Error('there is no switch')
  const drawn = (lanesOf: typeof first.lanes) =>
    String(executionPage({ view: { ...waiting, waves: [{ ...first, lanes: lanesOf }] }, acts: [] }).body)
  expect(lane.segments).toEqual([])
  expect(drawn([lane])).not.toContain('Switch by switch')
  expect(drawn([lane, { ...lane, device: 'leaf9' }])).toContain('Switch by switch')
  const loading = { kind: 'load', from: waiting.asOf } as const
  expect(drawn([{ ...lane, segments: [loading] }])).toContain('Switch by switch')
})

test('[B3] the comment is beside the buttons, and the first button of its form is none that Enter could press', () => {
  for (const ways of [['here'], ['passkey'], []] as const) {
    const { body, bar } = decided(PLAN, ways)
    expect(String(body)).not.toContain('id="comment"')
    expect(String(bar)).toMatch(
      /<form method="post" action="\/plans\/[^>]*id="decide".*id="comment" name="comment".*<\/form>/s,
    )
    expect(/<button[^>]*>/.exec(String(bar))?.[0]).toBe('<button type="submit" disabled hidden>')
  }
})

test('[B3] what many switches of one place have in common is said once, and what is different at each', () => {
  const view = recordedView('rolled-back')
  const [wave] = view.waves
  const [lane] = wave?.lanes ?? []
  if (wave === undefined || lane === undefined) throw new Error('there is no switch')
  const drawn = (many: number, note: (index: number) => string) => {
    const own = Array.from({ length: many }, (_, index) => ({ ...lane, device: `leaf${index}`, note: note(index) }))
    return String(lanes({ ...view, waves: [{ ...wave, lanes: own }] }, { only: lane.mark.word }))
  }
  const same = drawn(99, () => 'read back')
  expect(same.match(/read back/g)).toHaveLength(1)
  expect(same).toContain('<div class="wave">Wave 1: read back</div>')
  expect(same).toContain('class="tl long"')
  expect(drawn(99, (index) => (index === 7 ? 'differs' : 'read back')).match(/<small/g)).toHaveLength(24)
  const few = drawn(9, () => 'read back')
  expect(few.match(/<small/g)).toHaveLength(9)
  expect(few).not.toContain('long')
})

test('[3N6] [B3] checks are a list that no screen cuts: those that fail first, with their switches, however many columns and switches there are', () => {
  const view = recordedView('rolled-back')
  const row = (device: string, first: 'pass' | 'fail' | 'none', last: 'pass' | 'fail' | 'error', bad = 0) => ({
    device,
    cells: [{ status: 'pass' }, { status: first }, { status: last }],
    beside: { good: 2, bad },
  })
  const words = (...rows: readonly object[]) => {
    const columns = ['reachable', 'bgp-established', 'vlans-present']
    const drawn = String(checksList({ ...view, checks: { round: 1, columns, rows } } as never))
    const body = /<tbody>.*<\/tbody>/s.exec(drawn)?.[0] ?? ''
    return body
      .split('</tr>')
      .slice(0, -1)
      .map((one) =>
        one
          .replaceAll(/<\/th>|<\/div>/g, ' | ')
          .replaceAll(/<[^>]*>/g, '')
          .trim(),
      )
  }
  expect(words(row('leaf1', 'pass', 'pass'), row('leaf2', 'pass', 'pass'))).toEqual([
    'reachable | ● good |',
    'bgp-established | ● good |',
    'vlans-present | ● good |',
    'on neighbours | ● good, 4 checks |',
  ])
  const many = [
    ...Array.from({ length: 30 }, (_, index) => row(`a${index}`, 'none', 'pass')),
    ...Array.from({ length: 20 }, (_, index) => row(`b${index}`, 'pass', 'pass')),
    row('c1', 'pass', 'fail', 1),
    row('c2', 'pass', 'error'),
  ]
  expect(words(...many)).toEqual([
    'vlans-present | ✕ not good on c1 | ? could not be judged on c2 | ● good on 50 switches |',
    'reachable | ● good |',
    'bgp-established | · not judged on 30 switches | ● good on 22 switches |',
    'on neighbours | ✕ not good 1 of 105 checks, next to c1 |',
  ])
})

test('[B3] that a plan waits is said by the headline, and by no card besides', () => {
  const view = recordedView('waiting')
  expect(view.needs.map(({ act }) => act)).toEqual(['approve'])
  const page = String(executionPage({ view, acts: ['approve'] }).body)
  expect(page).toContain('<h1>Waits for an approval')
  expect(page).not.toContain('Somebody has to decide')
  expect(String(executionPage({ view: recordedView('unknown'), acts: [] }).body)).toContain('A person has to look')
})

test('[B3] a list is below days, and says the time of day alone', () => {
  const drawn = String(executionTable(ITEMS, NOW, { byDay: true }))
  expect([...drawn.matchAll(/<th scope="rowgroup"[^>]*>([^<]*)/g)].map(([, day]) => day)).toEqual([
    'Today',
    'Friday 20 November',
  ])
  // The script of the page puts the rows below the days of its reader (test/control-room/pages.room.ts).
  expect(drawn).toContain('<table class="rows" data-days>')
  expect(drawn).toContain('data-clock="" title="2026-11-20 22:40:10 UTC">22:40 UTC</time>')
  expect(drawn).toContain('>3 min ago</time>')
  expect(String(executionTable(ITEMS, NOW))).toContain('>20 Nov, 22:40 UTC</time>')
})

test('[B3] who has decided is called by name, without the number of a user', () => {
  const view = recordedView('waiting')
  const approval = { decision: 'approve', by: 'local:0:root@vm', proof: 'seal', at: view.asOf, expires: view.asOf }
  const card = String(approvalsCard({ ...view, approvals: [{ ...approval, comment: '', isUsed: true }] } as never))
  expect(card).toContain('<b>root@vm</b> approved on this machine')
})

test('[B3] the pages have one scale of type: 28, 15 and 13 pixels, and 23 for the heading of a phone', () => {
  const folder = new URL('../../../src/doors/web/', import.meta.url)
  const styles = readdirSync(folder).filter((file) => file.endsWith('.css'))
  expect(styles).toHaveLength(2)
  const sizes = styles.flatMap((file) => [
    ...readFileSync(new URL(file, folder), 'utf8').matchAll(/font-size: ([^;]*);|font:\s*(\d\S*)/g),
  ])
  expect(sizes.length).toBeGreaterThan(30)
  // Besides: as around it, a name that is not shown, and the small mark of a value that differs.
  expect([...new Set(sizes.map(([, size, short]) => size ?? short))].sort()).toEqual(
    ['13px', '15px', '23px', '28px', 'inherit', '0', '0.75em'].sort(),
  )
})

test('the page of an execution names the change file that asked for it, its ticket and its window, and is without a word where none did', () => {
  const changeFile = {
    file: 'changes/<vlan140>.yaml',
    digest: `sha256:${'ab'.repeat(32)}`,
    ticket: 'CHG-1234',
    notAfter: '2026-11-21T01:00:00.000Z',
    after: [{ file: 'changes/vlan130.yaml', digest: `sha256:${'cd'.repeat(32)}` }],
  }
  const view = recordedView('succeeded')
  const page = String(
    executionPage({ view, plan: { ...PLAN, content: { ...PLAN.content, changeFile } }, acts: [] }).body,
  )
  expect(page).toContain('Change file changes/&lt;vlan140&gt;.yaml (abababab), ticket CHG-1234')
  expect(page).toContain('It changes no switch after 2026-11-21T01:00:00.000Z')
  expect(page).toContain('It begins when this has succeeded: changes/vlan130.yaml (cdcdcdcd)')
  expect(String(executionPage({ view, plan: PLAN, acts: [] }).body)).not.toContain('Change file')
})

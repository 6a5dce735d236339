import { expect, test } from 'vitest'
import { recordFilter } from '../../../src/project/record/audit/record-range.ts'
import { executionPage } from '../../../src/report/page/execution.ts'
import { executionsPage } from '../../../src/report/page/executions.ts'
import { pageOfLanes } from '../../../src/report/page/lanes.ts'
import { dayWords, overviewPage, overviewRegions, squares } from '../../../src/report/page/overview.ts'
import { recordPage } from '../../../src/report/page/record.ts'
import { endsText, executionTable, type SwitchItem, switchesPage } from '../../../src/report/page/switches.ts'
import { nameOf } from '../../../src/report/phrases/person-name.ts'
import { changeTitle } from '../../../src/report/phrases/spoken.ts'
import { NOW, QUIET, recordedView } from './material.ts'

const at = (hoursAgo: number) => new Date(NOW - hoursAgo * 3_600_000).toISOString()

test('[B6] the overview counts every execution of a day, the failures first, and gives each hour its gravest colour', () => {
  const day = [
    ...Array.from({ length: 861 }, (_, index) => ({ at: at((index % 23) + 0.5), standing: 'succeeded' })),
    { at: at(3.5), standing: 'rolled-back' },
  ]
  expect(dayWords(day)).toBe('1 rolled back, 861 succeeded')
  const drawn = String(squares(day, NOW))
  expect(drawn.match(/class="sq [a-z]+"/g)).toHaveLength(24)
  expect(drawn.match(/class="sq undo"/g)).toHaveLength(1)
  expect(drawn.match(/class="sq none"/g)).toHaveLength(1)
  expect(String(overviewPage({ ...QUIET, health: { ...QUIET.health, day } }).body)).toContain('<b>862 executions</b>')
})

const SWITCHES: readonly SwitchItem[] = Array.from({ length: 3000 }, (_, index) => ({
  name: `leaf${index + 1}`,
  reached: '',
  tags: { role: index % 8 === 0 ? 'spine' : 'leaf' },
  isUnknown: index === 2999,
}))
const shown = (more: object) =>
  String(switchesPage({ now: NOW, csrf: '', items: SWITCHES, mayRead: false, ...more }).body)

test('[B3] of 3,000 switches fifty are on a page, the unknown one first, and they are searched and filtered', () => {
  const first = shown({})
  expect(first.match(/<th scope="row">/g)).toHaveLength(50)
  expect(first.indexOf('leaf3000')).toBeLessThan(first.indexOf('>leaf1<'))
  expect(first).toContain('1 to 50 of 3000')
  expect(first).toContain('unknown 1')
  expect(first.length).toBeLessThan(40_000)
  expect(shown({ page: 60 })).toContain('2951 to 3000 of 3000')
  expect(shown({ filter: { q: 'role:spine' } })).toContain('All 375')
  expect(shown({ filter: { state: 'unknown' } }).match(/<th scope="row">/g)).toHaveLength(1)
  expect(shown({ filter: { q: 'nobody' } })).toContain('Without “nobody”')
})

test('[B3] a project in which nothing was planned says what comes first, and offers nothing that stops', () => {
  const { drift: _, ...health } = QUIET.health
  const page = String(overviewPage({ ...QUIET, health, recent: [], mayFreeze: true }).body)
  expect(page).toContain('Plan your first change')
  expect(page).not.toContain('Freeze')
})

test('[B3] what the stream sends to the first page says the same as the page, until something is planned', () => {
  const { drift: _, ...health } = QUIET.health
  const untouched = { ...QUIET, health, recent: [] }
  const [head] = overviewRegions(untouched)
  expect(String(overviewPage(untouched).body)).toContain(String(head.html))
  expect(String(head.html)).toContain('<h1>Plan your first change</h1>')
  // The script asks for the whole page when the standing is another one.
  expect(String(head.html)).toContain('data-standing="first"')
  expect(String(overviewRegions({ ...untouched, recent: QUIET.recent })[0].html)).not.toContain('data-standing')
})

test('[B3] an empty list of executions says which filter to take away', () => {
  const data = { now: NOW, items: [], workflows: [], switches: [], isLater: false }
  const page = String(executionsPage({ ...data, filter: { state: 'failed', by: 'ann' } }).body)
  expect(page).toContain('<a class="btn sm" href="/executions?by=ann">✕ state: failed</a>')
  expect(page).toContain('<a class="btn sm" href="/executions?state=failed">✕ begun by: ann</a>')
})

const record = (seq: number, execution: string, words: string) => ({
  seq,
  at: at(1),
  code: 'EF101I',
  words,
  actor: 'root@vm',
  execution,
  outcome: 'ok',
  hash: '',
})

test('[B3] the record is told by execution, offers a range of days and JSON, and says which filter to take away', () => {
  const data = { now: NOW, origin: '', items: [record(9, '2-b', 'x'), record(8, '2-b', 'y'), record(7, '1-a', 'z')] }
  const filled = String(recordPage({ ...data, filter: { since: '2026-11-20', until: '2026-11-21' } }).body)
  expect(filled.match(/scope="rowgroup"/g)).toHaveLength(2)
  expect(filled).toContain('name="since" type="date" value="2026-11-20"')
  expect(filled).toContain(
    'href="/api/v1/audit/records?kind=acts&amp;since=2026-11-20T00%3A00%3A00.000Z&amp;until=2026-11-22T00%3A00%3A00.000Z&amp;limit=200"',
  )
  const empty = String(recordPage({ ...data, items: [], filter: { actor: 'ann', since: '2026-11-20' } }).body)
  expect(empty).toContain('href="/record?since=2026-11-20">✕ who: ann</a>')
  expect(empty).toContain('Look at every record')
})

test('[B3] of a long record the beginning is shown with eight letters of each digest, and all of it is one step away', () => {
  const digest = `sha256:0123456789abcdef${'0'.repeat(48)}`
  const data = { now: NOW, origin: '', filter: {} }
  const shownAs = (words: string) => String(recordPage({ ...data, items: [record(9, '2-b', words)] }).body)
  expect(shownAs('ExecutionEnded succeeded')).toContain('<div class="said">ExecutionEnded succeeded</div>')
  expect(shownAs(`PlanMade ${digest}`)).toContain(
    `<details><summary>PlanMade 01234567</summary>PlanMade ${digest}</details>`,
  )
  expect(shownAs('a'.repeat(121))).toContain(`<summary>${'a'.repeat(120)}…</summary>${'a'.repeat(121)}</details>`)
})

test('[B3] of the record the single steps of executions are left out, and ends, decisions and what must be seen are not', () => {
  const isAct = recordFilter({ kind: 'acts' })
  const shownOf = (event: object) => isAct(event as never)
  expect(shownOf({ type: 'ExecutionEnded', outcome: 'succeeded' })).toBe(true)
  expect(shownOf({ type: 'PlanMade' })).toBe(true)
  expect(shownOf({ type: 'CompensationStarted' })).toBe(true)
  expect(shownOf({ type: 'UndoFinished', end: 'unknown' })).toBe(true)
  expect(shownOf({ type: 'UndoFinished', end: 'reverted' })).toBe(false)
  expect(shownOf({ type: 'VerdictGiven', verdict: { status: 'fail' } })).toBe(false)
  expect(shownOf({ type: 'StateEntered' })).toBe(false)
})

test('[B3] many unknown switches of one execution are one card with their number, few are a card each', () => {
  const page = (many: number) =>
    String(
      overviewPage({
        ...QUIET,
        unknown: Array.from({ length: many }, (_, index) => ({ device: `leaf${index + 1}`, execution: '1-a' })),
      }).body,
    )
  expect(page(3).match(/class="card need bad"/g)).toHaveLength(3)
  expect(page(100).match(/class="card need bad"/g)).toHaveLength(1)
  expect(page(100)).toContain('100 switches: nobody knows what is on them')
  expect(page(100)).toContain('<h1>100 switches need a person now.</h1>')
})

test('[B3] what has not ended is not said to be run by nobody, and its switches are not told as unknown', () => {
  expect(dayWords([{ at: at(1), standing: 'open' }])).toBe('1 not ended')
  expect(endsText({ leaf1: 'unknown', leaf2: 'untouched' }, 'running')).toBe('2 switches')
  expect(endsText({ leaf1: 'unknown', leaf2: 'untouched' }, 'unknown')).toBe('1 unknown, 1 untouched')
})

test('a list says how long ago something was within the hour, names nobody where all is the own, and no number of a user', () => {
  const item = {
    id: '20261121-150000-0b11c924',
    title: 'vlan 7',
    workflow: 'add-vlan',
    at: at(0.2),
    standing: 'planned',
    ends: {},
  }
  const own = String(executionTable([{ ...item, by: '' }], NOW))
  expect(own).toContain('>12 min ago</time>')
  expect(own).not.toContain('Who')
  expect(String(executionTable([{ ...item, by: 'Ann' }], NOW))).toContain('>Ann</td>')
  expect(nameOf('local:0:root@vm')).toBe('root@vm')
  expect(nameOf('corp:ann')).toBe('corp:ann')
})

test('[B3] a change is titled by the name of its first value, not by an address alone', () => {
  expect(changeTitle({ name: 'ntp', params: { server: '10.0.0.1' } })).toBe('server 10.0.0.1')
  expect(changeTitle({ name: 'add-vlan', params: { label: 'PROD', vlan: 140 } })).toBe('vlan 140 PROD')
})

test('[B3] of many switches that have ended those of one place are shown alone, a row each', () => {
  const view = recordedView('rolled-back')
  const [wave] = view.waves
  const [lane] = wave?.lanes ?? []
  if (wave === undefined || lane === undefined) throw new Error('there is no switch')
  const lanes = Array.from({ length: 40 }, (_, index) => ({
    ...lane,
    device: `leaf${index + 1}`,
    mark: index < 30 ? { tone: 'undo' as const, word: 'put back' } : { tone: 'idle' as const, word: 'untouched' },
  }))
  const page = (only?: string) =>
    String(
      executionPage({
        view: { ...view, waves: [{ ...wave, lanes }] },
        acts: [],
        ...(only === undefined ? {} : { switches: { only } }),
      }).body,
    )
  expect(page()).toContain('>30 put back</a>')
  expect(page().match(/class="lane/g)).toHaveLength(2)
  expect(page('untouched').match(/class="lane/g)).toHaveLength(10)
})

test('a page of many switches begins with those that failed, and each is on one page', () => {
  const view = recordedView('rolled-back')
  const [wave] = view.waves
  const [lane] = wave?.lanes ?? []
  if (wave === undefined || lane === undefined) throw new Error('there is no switch')
  const own = Array.from({ length: 60 }, (_, index) => ({
    ...lane,
    device: `leaf${index + 1}`,
    isFailing: index === 49,
  }))
  const devicesOn = (page: number) =>
    pageOfLanes({ waves: [{ ...wave, lanes: own }] }, { page }).lanes.map(({ device }) => device)
  expect(devicesOn(1).slice(0, 3)).toEqual(['leaf50', 'leaf1', 'leaf2'])
  const all = [1, 2, 3].flatMap(devicesOn)
  expect([all.length, new Set(all).size]).toEqual([60, 60])
  expect(devicesOn(1)).toHaveLength(24)
})

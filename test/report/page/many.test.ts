import { expect, test } from 'vitest'
import { dayWords, squares } from '../../../src/report/page/day-squares.ts'
import { executionsPage } from '../../../src/report/page/executions.ts'
import { overviewPage } from '../../../src/report/page/overview.ts'
import { type SwitchItem, switchesPage } from '../../../src/report/page/switches.ts'
import { NOW, QUIET } from './material.ts'

const at = (hoursAgo: number): string => new Date(NOW - hoursAgo * 3_600_000).toISOString()

test('the overview counts every execution of a day, the failures first, and gives each hour its gravest colour', () => {
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
const shown = (more: object): string =>
  String(switchesPage({ now: NOW, csrf: '', items: SWITCHES, mayRead: false, ...more }).body)

test('of 3,000 switches fifty are on a page, the unknown one first, and they are searched and filtered', () => {
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

test('a project in which nothing was planned says what comes first, and offers nothing that stops', () => {
  const { drift: _, ...health } = QUIET.health
  const page = String(overviewPage({ ...QUIET, health, recent: [], mayFreeze: true }).body)
  expect(page).toContain('Plan your first change')
  expect(page).not.toContain('Freeze')
})

test('an empty list of executions says which filter to take away', () => {
  const data = { now: NOW, items: [], workflows: [], switches: [], isLater: false }
  const page = String(executionsPage({ ...data, filter: { state: 'failed', by: 'ann' } }).body)
  expect(page).toContain('<a class="btn sm" href="/executions?by=ann">✕ state: failed</a>')
  expect(page).toContain('<a class="btn sm" href="/executions?state=failed">✕ begun by: ann</a>')
})

import { expect, test } from 'vitest'
import { eventWords } from '../../src/report/event-words/table.ts'
import { dueWords, lastWords, schedulesJson, schedulesText, scheduleWords } from '../../src/report/phrases/schedule.ts'
import { PEOPLE } from '../lab/people.ts'

const BOB = PEOPLE.bob
const of = { schedule: 'nightly' } as const
const instant = '2026-01-05T22:00:00.000Z'

test.each([
  [
    { ...of, type: 'ScheduleChanged', change: 'loaded', tz: 'Europe/Berlin', cron: '0 23 * * *' },
    'nightly is in force: 0 23 * * * (Europe/Berlin)',
  ],
  [{ ...of, type: 'ScheduleChanged', change: 'loaded', tz: 'UTC', every: 5400 }, 'nightly is in force: every 90m'],
  [{ ...of, type: 'ScheduleChanged', change: 'removed' }, 'nightly is no longer in the settings'],
  [
    { ...of, type: 'ScheduleChanged', change: 'paused', principal: BOB, reason: 'INC-4711' },
    `${BOB.id} paused nightly: INC-4711`,
  ],
  [{ ...of, type: 'ScheduleChanged', change: 'continued', principal: BOB }, `${BOB.id} continued nightly`],
  [{ ...of, type: 'ScheduleFired', instant, does: 'drift' }, `nightly of ${instant} begins: drift`],
  [
    { ...of, type: 'ScheduleFired', instant, does: 'run', principal: BOB },
    `nightly of ${instant} begins: run, by hand of ${BOB.id}`,
  ],
  [
    { ...of, type: 'ScheduleSkipped', instant, because: 'outside', reason: 'the window is closed' },
    `nightly of ${instant} was skipped: the window is closed`,
  ],
  [
    { ...of, type: 'ScheduleMissed', instant, instants: [instant], because: 'paused' },
    `nightly of ${instant} was missed: it was paused then`,
  ],
  [
    { ...of, type: 'ScheduleMissed', instant, instants: ['2026-01-04T22:00:00.000Z', instant], because: 'down' },
    `nightly of 2026-01-04T22:00:00.000Z to ${instant}: 2 occurrences missed: nobody ran schedules then`,
  ],
  [
    { ...of, type: 'ScheduleFinished', instant, outcome: 'failed', reason: 'leaf1: not reachable' },
    `nightly of ${instant} failed: leaf1: not reachable`,
  ],
] as const)('%o is said in one sentence', (event, words) => {
  expect(scheduleWords(event)).toBe(words)
  expect(eventWords(event)).toBe(words)
})

test('when a schedule is due is said in the largest whole unit', () => {
  expect([86_400, 21_600, 5400, 90].map((every) => dueWords({ every, tz: 'UTC' }))).toEqual([
    'every 1d',
    'every 6h',
    'every 90m',
    'every 90s',
  ])
})

test('a list has a line for each schedule, and one for what became of its last instant', () => {
  const rows = [
    {
      name: 'nightly',
      does: 'drift',
      about: '',
      tz: 'Europe/Berlin',
      cron: '0 23 * * *',
      paused: false,
      next: ['2026-01-06T22:00:00.000Z'],
      last: { instant, what: 'ok', reason: 'execution x1 has begun', execution: 'x1' },
    },
    { name: 'often', does: 'run', about: 'workflows/a.yaml', tz: 'UTC', every: 3600, paused: true, next: [] },
    { name: 'first', does: 'check', about: 'leaf1', tz: 'UTC', every: 3600, paused: false, next: [] },
  ] as const
  expect(schedulesText(rows).split('\n')).toEqual([
    'nightly · drift · 0 23 * * * (Europe/Berlin) · next 2026-01-06T22:00:00.000Z',
    `  last ${instant} · ok · execution x1 has begun`,
    'often · run workflows/a.yaml · every 1h · paused',
    'first · check leaf1 · every 1h · next is not known yet',
  ])
  expect(schedulesJson(rows)).toEqual({ version: 1, kind: 'schedules', schedules: rows })
  expect(lastWords({ instant, what: 'failed', reason: 'no plan', execution: 'x1' })).toBe(
    `${instant} · failed · no plan · x1`,
  )
  expect(lastWords({ instant, what: 'running', reason: '' })).toBe(`${instant} · running`)
})

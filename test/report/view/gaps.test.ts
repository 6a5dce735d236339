import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { lanes } from '../../../src/report/page/lanes.ts'
import { viewOf } from '../../../src/report/view/view-of.ts'
import { foldView, newView } from '../../../src/report/view/view-state.ts'
import { recordedView } from '../page/material.ts'

const KILLED_AT = Date.parse('2026-01-05T08:00:00.000Z')
const resumed = (more: object): JournalEvent => ({
  v: 1,
  seq: 9,
  at: '2026-01-05T08:00:42.000Z',
  actor: 'local:0:root@vm',
  execution: '1-a',
  type: 'ExecutionResumed',
  ...more,
})
const before = { ...newView('1-a'), lastAt: KILLED_AT }

test('[B3] a process that was killed in the middle of a change is told, and for how long nobody ran it', () => {
  const view = viewOf(foldView(before, resumed({ abandoned: ['leaf1'] })), { now: KILLED_AT + 60_000 })
  expect(view.gaps).toEqual([{ from: '2026-01-05T08:00:00.000Z', to: '2026-01-05T08:00:42.000Z' }])
  expect(view.happened.events.map(({ words, tone }) => [words, tone])).toEqual([
    [
      'Its process had ended without a word, and nobody ran it for 42 s. Taken up again: every switch is asked for its state',
      'bad',
    ],
  ])
})

test('one that rested, and is gone on with, has no such time', () => {
  const view = viewOf(foldView(before, resumed({})), { now: KILLED_AT + 60_000 })
  expect(view.gaps).toBeUndefined()
  expect(view.happened.events.map(({ words }) => words)).toEqual([
    'Taken up again: every switch is asked for its state',
  ])
})

test('the time is drawn over every switch, said to who does not see it, and explained', () => {
  const view = recordedView('rolled-back')
  const from = view.waves[0]?.lanes[0]?.segments[0]?.from ?? ''
  const to = new Date(Date.parse(from) + 42_000).toISOString()
  const drawn = String(lanes({ ...view, gaps: [{ from, to }] }))
  const rows = view.waves.flatMap((wave) => wave.lanes).length
  expect(rows).toBeGreaterThan(2)
  expect(drawn.match(/<rect class="gap"/g)).toHaveLength(rows + 1)
  expect(drawn.match(/nobody ran it for 42 s/g)).toHaveLength(rows)
  expect(String(lanes(view))).not.toContain('nobody ran it')
})

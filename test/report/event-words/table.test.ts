import { expect, test } from 'vitest'
import { newExecution } from '../../../src/change/engine/state.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { pageWords } from '../../../src/report/event-words/table.ts'

const ENVELOPE = { v: 1, seq: 9, at: '2026-01-05T08:00:00.000Z', actor: 'a', execution: 'x1' } as const
const NONE = newExecution('x1')
const ERROR = { kind: 'lost-answer', message: 'no answer\nat all' } as const

test.each<[string, EventBody, object | undefined]>([
  [
    'of an execution, as a sentence',
    { type: 'PlanMade', digest: 'sha256:a1a1a1a1a1', plan: 'p', waves: [['leaf1']], unchanged: ['leaf2'] },
    { words: 'Plan a1a1a1a1: 1 to change, 1 unchanged', tone: 'idle' },
  ],
  [
    'of a state, by the name that somebody has given it',
    { type: 'WaitStarted', path: '', state: 'cool down', until: '2026-01-05T08:00:30.000Z' },
    { words: 'cool down waits until 08:00:30Z', tone: 'idle' },
  ],
  [
    'of a switch, beside its name and in one line',
    { type: 'DeviceLeftOut', device: 'leaf1', by: 'maxFailures', error: ERROR },
    { words: 'left out: no answer', tone: 'live', device: 'leaf1' },
  ],
  ['nothing of what auditors read alone', { type: 'StoreBackedUp', to: '/b' }, undefined],
])('a page says %s', (_, body, said) => {
  expect(pageWords({ ...ENVELOPE, ...body }, { before: NONE, after: NONE })).toEqual(said)
})

import { describe, expect, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import type { Json } from '../../src/model/json.ts'
import { entryJson, historyOf, historyText } from '../../src/report/event-words/history.ts'
import { plain } from '../../src/report/text/text.ts'
import { ALICE } from '../change/record/one-of-each-event.ts'

const ID = '20260105-080000-01234567'
const at = { file: 'w.yaml', line: 1, column: 1 }
const task = (name: string, next?: string): Json => ({
  kind: 'Task',
  name,
  at,
  flow: { language: 'jsonata' },
  task: 'verify',
  scope: 'task.verify',
  effect: 'read',
  undo: { by: 'none' },
  token: false,
  retry: [],
  catch: [],
  ...(next === undefined ? {} : { next }),
})
const machine: Json = {
  version: 3,
  startAt: 'EachSwitch',
  states: {
    EachSwitch: {
      kind: 'Map',
      name: 'EachSwitch',
      at,
      flow: { language: 'jsonata' },
      items: { from: 'targets' },
      maxConcurrency: { from: 'literal', value: 0 },
      retry: [],
      catch: [],
      iterator: { version: 3, startAt: 'Verify', states: { Verify: task('Verify') } },
    },
  },
}

/** Bodies with the seconds at which they are written. */
const STORY: readonly (readonly [number, EventBody])[] = [
  [
    0,
    {
      type: 'ExecutionStarted',
      purpose: 'run',
      workflow: 'w',
      file: 'w.yaml',
      definition: 'sha256:00',
      interpreter: 2,
      machine,
      params: {},
      context: {},
      input: { n: 1 },
      requester: ALICE,
      targets: ['leaf1', 'leaf2'],
    },
  ],
  [1, { type: 'StateEntered', path: '', state: 'EachSwitch' }],
  [1, { type: 'MapStarted', path: '', state: 'EachSwitch', items: ['leaf1', 'leaf2'], maxConcurrency: 0 }],
  [2, { type: 'StateEntered', path: 'EachSwitch[1]', state: 'Verify' }],
  [2, { type: 'TaskScheduled', path: 'EachSwitch[1]', state: 'Verify', attempt: 1, arguments: {} }],
  [3, { type: 'TaskStarted', path: 'EachSwitch[1]', state: 'Verify', attempt: 1, device: 'leaf2' }],
  [
    5.5,
    { type: 'TaskFailed', path: 'EachSwitch[1]', state: 'Verify', error: { kind: 'lost-answer', message: 'silence' } },
  ],
  [
    5.5,
    {
      type: 'RetryScheduled',
      path: 'EachSwitch[1]',
      state: 'Verify',
      retrier: 0,
      attempt: 2,
      until: '2026-01-05T08:00:06.000Z',
      error: { kind: 'lost-answer', message: 'silence' },
    },
  ],
  [6, { type: 'TaskScheduled', path: 'EachSwitch[1]', state: 'Verify', attempt: 2, arguments: {} }],
  [6, { type: 'TaskStarted', path: 'EachSwitch[1]', state: 'Verify', attempt: 2, device: 'leaf2' }],
  [7, { type: 'TaskSucceeded', path: 'EachSwitch[1]', state: 'Verify', output: { good: true } }],
  [8, { type: 'StateExited', path: 'EachSwitch[1]', state: 'Verify', output: { good: true } }],
  [9, { type: 'ActIntended', device: 'leaf2', act: 'abort', session: 's' }],
  [9.25, { type: 'ActFinished', device: 'leaf2', act: 'abort', session: 's', outcome: 'done' }],
  [10, { type: 'ExecutionEnded', outcome: 'refused', devices: { leaf1: 'untouched', leaf2: 'untouched' } }],
]
const eventsOf = (story: typeof STORY): readonly JournalEvent[] =>
  story.map(([second, body], index) => ({
    v: 1,
    seq: index + 1,
    at: new Date(Date.UTC(2026, 0, 5, 8) + second * 1000).toISOString(),
    actor: index < 9 ? 'alice' : 'bob',
    execution: ID,
    ...body,
  }))
const EVENTS = eventsOf(STORY)

describe('what follows for a record from those before it', () => {
  const derived = historyOf(ID, EVENTS).map(({ event, ...rest }) => [event.type, rest])

  test('input, switch, attempt and duration', () => {
    expect(derived).toEqual([
      ['ExecutionStarted', {}],
      ['StateEntered', { input: { n: 1 } }],
      ['MapStarted', { attempt: 1 }],
      ['StateEntered', { input: 'leaf2', device: 'leaf2' }],
      ['TaskScheduled', { device: 'leaf2', attempt: 1 }],
      ['TaskStarted', { device: 'leaf2', attempt: 1 }],
      ['TaskFailed', { device: 'leaf2', attempt: 1, duration: 2.5 }],
      ['RetryScheduled', { device: 'leaf2', attempt: 2 }],
      ['TaskScheduled', { device: 'leaf2', attempt: 2 }],
      ['TaskStarted', { device: 'leaf2', attempt: 2 }],
      ['TaskSucceeded', { device: 'leaf2', attempt: 2, duration: 1 }],
      ['StateExited', { device: 'leaf2', duration: 6 }],
      ['ActIntended', { device: 'leaf2' }],
      ['ActFinished', { device: 'leaf2', duration: 0.25 }],
      ['ExecutionEnded', { duration: 10 }],
    ])
  })

  test('a task that goes straight on: what its state was given, and how long the attempt took, not the state', () => {
    const short = STORY.flatMap(([second, body]): typeof STORY => {
      if (body.type === 'StateEntered' && body.path !== '') return []
      if (body.type === 'StateExited') return []
      if (body.type === 'TaskScheduled' && body.attempt === 1)
        return [[second, { ...body, entered: '2026-01-05T08:00:02.000Z' }]]
      return [[second, body.type === 'TaskSucceeded' ? { ...body, exited: {} } : body]]
    })
    const given = historyOf(ID, eventsOf(short)).map(({ event, ...rest }) => [event.type, rest])
    expect(given.filter(([type]) => type === 'TaskScheduled' || type === 'TaskSucceeded')).toEqual([
      ['TaskScheduled', { input: 'leaf2', device: 'leaf2', attempt: 1 }],
      ['TaskScheduled', { device: 'leaf2', attempt: 2 }],
      ['TaskSucceeded', { device: 'leaf2', attempt: 2, duration: 1 }],
    ])
  })

  test('is beside the event in JSON', () => {
    const [entry] = historyOf(ID, EVENTS).filter(({ event }) => event.type === 'TaskSucceeded')
    expect(entry === undefined ? {} : entryJson(entry)).toEqual({
      v: 1,
      seq: 11,
      at: '2026-01-05T08:00:07.000Z',
      actor: 'bob',
      execution: ID,
      type: 'TaskSucceeded',
      path: 'EachSwitch[1]',
      state: 'Verify',
      output: { good: true },
      device: 'leaf2',
      attempt: 2,
      duration: 1,
    })
  })

  test('and in words: who did it is shown where that changes', () => {
    const lines = historyText(historyOf(ID, EVENTS), plain).split('\n')
    expect(lines[6]).toBe(
      '    7  2026-01-05T08:00:05.500Z  TaskFailed          leaf2: Verify in EachSwitch[1]: eosflow.lost-answer: silence · 2.5 s',
    )
    expect(lines[10]).toBe(
      '   11  2026-01-05T08:00:07.000Z  TaskSucceeded       leaf2: Verify in EachSwitch[1] · attempt 2 · 1 s · out {"good":true}',
    )
    expect(lines.filter((line) => line.includes(' · by ')).map((line) => line.split(' · by ')[1])).toEqual([
      'alice',
      'bob',
    ])
  })
})

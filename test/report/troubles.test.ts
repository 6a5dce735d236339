import { Map as PersistentMap } from 'immutable'
import { describe, expect, test } from 'vitest'
import { foldAll } from '../../src/change/engine/fold.ts'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import type { ErrorRecord } from '../../src/model/error.ts'
import type { Json } from '../../src/model/json.ts'
import { type Failure, type Troubles, troublesOf } from '../../src/report/event-words/history.ts'
import { executionAs } from '../../src/report/execution/formats.ts'
import { plain } from '../../src/report/text/text.ts'
import { ALICE } from '../change/record/one-of-each-event.ts'

const ID = '20260105-080000-01234567'
const at = { file: 'w.yaml', line: 1, column: 1 }
const flow = { language: 'jsonata' }
const common = { at, flow, retry: [], catch: [] }
const write = { kind: 'Task', task: 'http', scope: 'task.exec', effect: 'write', token: false, ...common }
const machine: Json = {
  version: 3,
  startAt: 'OpenTicket',
  states: {
    OpenTicket: { name: 'OpenTicket', ...write, undo: { by: 'task', task: 'http', arguments: {} }, next: 'EachSwitch' },
    EachSwitch: {
      kind: 'Map',
      name: 'EachSwitch',
      ...common,
      items: { from: 'targets' },
      maxConcurrency: { from: 'literal', value: 0 },
      iterator: {
        version: 3,
        startAt: 'Ask',
        states: { Ask: { name: 'Ask', ...write, undo: { by: 'none' } } },
      },
    },
  },
}
const SILENCE: ErrorRecord = { kind: 'lost-answer', message: 'silence' }
const CLOSED: ErrorRecord = { kind: 'state-failed', name: 'Ticket.Closed', message: 'CHG-1 is closed' }
const ticket = { path: '', state: 'OpenTicket' }
const map = { path: '', state: 'EachSwitch' }
const ask = { path: 'EachSwitch[1]', state: 'Ask' }
const until = '2026-01-05T08:00:06.000Z'

const journal = (bodies: readonly EventBody[]): readonly JournalEvent[] =>
  bodies.map((body, index) => ({
    v: 1,
    seq: index + 1,
    at: '2026-01-05T08:00:00.000Z',
    actor: 'a',
    execution: ID,
    ...body,
  }))

const FAILED: readonly EventBody[] = [
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
    input: {},
    requester: ALICE,
    targets: ['leaf1', 'leaf2'],
  },
  { type: 'StateEntered', ...ticket },
  { type: 'TaskScheduled', ...ticket, attempt: 1, arguments: {} },
  { type: 'TaskStarted', ...ticket, attempt: 1 },
  { type: 'TaskFailed', ...ticket, error: SILENCE },
  { type: 'RetryScheduled', ...ticket, retrier: 0, attempt: 2, until, error: SILENCE },
  { type: 'TaskScheduled', ...ticket, attempt: 2, arguments: {} },
  { type: 'TaskStarted', ...ticket, attempt: 2 },
  { type: 'TaskSucceeded', ...ticket, output: {} },
  { type: 'StateExited', ...ticket, output: {} },
  { type: 'StateEntered', ...map },
  { type: 'MapStarted', ...map, items: ['leaf1', 'leaf2'], maxConcurrency: 0 },
  { type: 'StateEntered', path: 'EachSwitch[0]', state: 'Ask' },
  { type: 'StateEntered', ...ask },
  { type: 'TaskScheduled', ...ask, attempt: 1, arguments: {} },
  { type: 'TaskStarted', ...ask, attempt: 1 },
  { type: 'TaskFailed', ...ask, error: SILENCE },
  { type: 'RetryScheduled', ...ask, retrier: 0, attempt: 2, until, error: SILENCE },
  { type: 'TaskScheduled', ...ask, attempt: 2, arguments: {} },
  { type: 'TaskStarted', ...ask, attempt: 2 },
  { type: 'TaskFailed', ...ask, error: CLOSED },
  { type: 'StateFailed', ...ask, error: CLOSED },
  { type: 'StateAborted', path: 'EachSwitch[0]', state: 'Ask' },
  { type: 'MapFailed', ...map, error: CLOSED },
  { type: 'StateFailed', ...map, error: CLOSED },
  { type: 'CompensationStarted', reason: 'failure', error: CLOSED },
  { type: 'TaskUndoStarted', ...ticket, write: 2 },
  { type: 'TaskUndoFinished', ...ticket, write: 2, error: SILENCE },
  { type: 'ExecutionEnded', outcome: 'unknown', error: CLOSED, devices: { leaf1: 'untouched', leaf2: 'untouched' } },
]

describe('what went wrong in an execution', () => {
  const events = journal(FAILED)
  const state = foldAll(ID, events)

  test('is the state that failed by itself, what was tried again, and what could not be undone', () => {
    expect(troublesOf(state, events)).toEqual({
      retries: new Map([
        ['OpenTicket', 1],
        ['leaf2', 1],
      ]),
      failures: [{ ...ask, device: 'leaf2', error: CLOSED, caught: false }],
      undos: [{ ...ticket, undone: 'failed', error: SILENCE }],
    })
  })

  test('in the recap', () => {
    expect(executionAs.text(state, events, plain).split('\n')).toEqual([
      'device  result       verify   retries  end state',
      'leaf1   ○ untouched  -        -        BEFORE: never committed',
      'leaf2   ○ untouched  -        1        BEFORE: never committed',
      '',
      'CHG-1 is closed',
      '✖ leaf2: Ask failed: Ticket.Closed',
      'Retries: OpenTicket 1',
      '? OpenTicket: UNKNOWN, could not be undone: eosflow.lost-answer: silence',
      '',
      `Execution ${ID}: UNKNOWN: a person is needed · 2 switches: 2 untouched`,
    ])
  })

  test('in JSON', () => {
    expect(JSON.parse(executionAs.json(state, events, 7))).toMatchObject({
      outcome: 'unknown',
      devices: [
        { name: 'leaf1', end: 'untouched' },
        { name: 'leaf2', end: 'untouched', retries: 1 },
      ],
      failures: [{ ...ask, device: 'leaf2', error: CLOSED, caught: false }],
      retries: { OpenTicket: 1 },
      undos: [{ ...ticket, undone: 'failed', error: SILENCE }],
      exitCode: 7,
    })
  })

  test('begins anew with a redrive', () => {
    const again = journal([...FAILED, { type: 'ExecutionRedriven' }])
    expect(troublesOf(foldAll(ID, again), again)).toEqual({ retries: new Map(), failures: [], undos: [] })
  })

  const RETRY: EventBody = { type: 'RetryScheduled', ...ticket, retrier: 0, attempt: 2, until, error: SILENCE }
  const CAUGHT: EventBody = { type: 'StateExited', ...ticket, output: {}, caught: 0 }
  const TAKEN: Failure = { ...ticket, error: SILENCE, caught: true }

  test.each<[string, readonly EventBody[], Partial<Troubles>]>([
    ['nothing', [{ type: 'StateExited', ...ticket, output: {} }], {}],
    ['a retry', [RETRY], { retries: new Map([['OpenTicket', 1]]) }],
    [
      'a call taken back',
      [{ type: 'TaskUndoFinished', ...ticket, write: 2 }],
      { undos: [{ ...ticket, undone: 'done' }] },
    ],
    [
      'a state',
      [{ type: 'StateFailed', ...ticket, error: CLOSED }],
      { failures: [{ ...ticket, error: CLOSED, caught: false }] },
    ],
    ['a task that was caught', [{ type: 'TaskFailed', ...ticket, error: SILENCE }, CAUGHT], { failures: [TAKEN] }],
    ['time, caught', [{ type: 'TaskTimedOut', ...ticket, error: SILENCE }, CAUGHT], { failures: [TAKEN] }],
    ['an expression, caught', [{ type: 'EvaluationFailed', ...ticket, error: SILENCE }, CAUGHT], { failures: [TAKEN] }],
  ])('is found where nothing else did: %s', (_, more, expected) => {
    const own = journal([...FAILED.slice(0, 4), ...more])
    expect(troublesOf(state, own)).toEqual({ retries: new Map(), failures: [], undos: [], ...expected })
  })

  test('is named once where the error of all has the line of each', () => {
    const error = (message: string) => ({ kind: 'unreachable' as const, message })
    const [started, ...rest] = FAILED
    const told = journal([
      ...(started?.type === 'ExecutionStarted' ? [{ ...started, targets: ['leaf1', 'leaf2'] }] : []),
      ...rest.slice(0, 10),
      { type: 'MapStarted', ...map, items: ['leaf1', 'leaf2'], maxConcurrency: 0 },
      { type: 'StateEntered', path: 'EachSwitch[0]', state: 'Ask' },
      { type: 'StateFailed', path: 'EachSwitch[0]', state: 'Ask', error: error('leaf1: no route') },
      { type: 'StateEntered', path: 'EachSwitch[1]', state: 'Ask' },
      { type: 'StateFailed', path: 'EachSwitch[1]', state: 'Ask', error: error('leaf2: no route') },
    ])
    const state: ExecutionState = {
      ...foldAll(ID, told),
      devices: PersistentMap(),
      compensation: { reason: 'failure', error: error('leaf1: no route\nleaf2: no route') },
    }
    const text = executionAs.text(state, told, plain)
    expect(text.split('leaf1: no route')).toHaveLength(2)
    expect(text.split('leaf2: no route')).toHaveLength(2)
    expect(text).toContain('failed: ')
  })

  test('names at most ten states', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ path: `EachSwitch[${index}]`, state: 'Ask' }))
    const targets = many.map((_, index) => `leaf${index}`)
    const [started, ...rest] = FAILED
    const bodies: readonly EventBody[] = [
      ...(started?.type === 'ExecutionStarted' ? [{ ...started, targets }] : []),
      ...rest.slice(0, 10),
      { type: 'MapStarted', ...map, items: targets, maxConcurrency: 0 },
      ...many.flatMap((place): EventBody[] => [
        { type: 'StateEntered', ...place },
        { type: 'StateFailed', ...place, error: SILENCE },
      ]),
    ]
    const told = journal(bodies)
    const lines = executionAs.text({ ...foldAll(ID, told), devices: PersistentMap() }, told, plain).split('\n')
    expect(lines.filter((line) => line.startsWith('✖'))).toHaveLength(10)
    expect(lines).toContain('… and 2 more failures')
  })
})

import { expect, test } from 'vitest'
import { foldAll } from '../../../src/change/engine/fold.ts'
import { leaving } from '../../../src/change/engine/perform.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { EXECUTION } from './random-machine-world.ts'
import { type Play, play } from './table.ts'

/** The records of the states of an execution: their types, and what they say beside their own transition. */
const said = (journal: readonly JournalEvent[]) =>
  journal.flatMap((event) => {
    if (!('path' in event)) return event.type === 'CompensationStarted' ? [event.type] : []
    const place = `${event.type} ${event.path}/${event.state}`
    if (event.type === 'TaskScheduled')
      return [event.entered === undefined ? place : `${place}, entered ${event.entered}`]
    if (event.type === 'TaskSucceeded' && event.exited !== undefined)
      return [`${place}, exited ${JSON.stringify(event.exited)}`]
    return [place]
  })

const read = { Type: 'Task', Resource: 'read', End: true } as const
const AT_ONCE = '2026-01-05T08:00:00.000Z'
const PLACE = { file: 'table.yaml', line: 1, column: 1 }
const FLOW = { language: 'jsonata' }
const STARTED = {
  type: 'ExecutionStarted',
  purpose: 'run',
  workflow: 'table',
  file: 'table.yaml',
  definition: 'sha256:00',
  interpreter: 2,
  params: {},
  requester: { issuer: 'local', id: 'test', kind: 'person', auth: 'os' },
  targets: ['leaf1'],
  input: {},
  context: {},
} as const

interface Row {
  readonly name: string
  readonly play: Play
  readonly records: readonly string[]
}

const ROWS: readonly Row[] = [
  {
    name: 'a task that is due at once and leaves what it gave: three',
    play: { states: { Ask: read }, attempts: { Ask: [{ after: 3, gives: { vlan: 7 } }] } },
    records: [`TaskScheduled /Ask, entered ${AT_ONCE}`, 'TaskStarted /Ask', 'TaskSucceeded /Ask, exited {}'],
  },
  {
    name: 'one that leaves something else, and variables',
    play: {
      states: {
        Ask: { ...read, Output: '{% $states.result.vlan + 1 %}', Assign: { seen: '{% $states.result.vlan %}' } },
      },
      attempts: { Ask: [{ gives: { vlan: 7 } }] },
    },
    records: [
      `TaskScheduled /Ask, entered ${AT_ONCE}`,
      'TaskStarted /Ask',
      'TaskSucceeded /Ask, exited {"output":8,"assigned":{"seen":7}}',
    ],
  },
  {
    name: 'the next one is entered when the first is left, each item of a Map for itself',
    play: {
      states: {
        Each: {
          Type: 'Map',
          Items: [1],
          ItemProcessor: {
            StartAt: 'One',
            States: { One: { Type: 'Task', Resource: 'write', Next: 'Two' }, Two: read },
          },
          End: true,
        },
      },
      attempts: { One: [{ after: 2 }] },
    },
    records: [
      'StateEntered /Each',
      'MapStarted /Each',
      `TaskScheduled Each[0]/One, entered ${AT_ONCE}`,
      'TaskStarted Each[0]/One',
      'TaskSucceeded Each[0]/One, exited {}',
      'TaskScheduled Each[0]/Two, entered 2026-01-05T08:00:02.000Z',
      'TaskStarted Each[0]/Two',
      'TaskSucceeded Each[0]/Two, exited {}',
      'StateExited /Each',
    ],
  },
  {
    name: 'arguments without a value: it was entered, and nothing was due',
    play: { states: { Ask: { ...read, Arguments: { vlan: '{% $states.input.none %}' } } } },
    records: ['StateEntered /Ask', 'EvaluationFailed /Ask', 'StateFailed /Ask', 'CompensationStarted'],
  },
  {
    name: 'arguments that had no value have none: they are not computed a second time',
    play: {
      states: { Ask: { ...read, Arguments: { vlan: '{% $random() < 0.5 ? $states.input.none : 7 %}' } } },
      fractions: [0.1, 0.9],
    },
    records: ['StateEntered /Ask', 'EvaluationFailed /Ask', 'StateFailed /Ask', 'CompensationStarted'],
  },
  {
    name: 'nor is an output',
    play: {
      states: { Ask: { ...read, Output: '{% $random() < 0.5 ? $states.result.none : 7 %}' } },
      fractions: [0.1, 0.9],
    },
    records: [
      `TaskScheduled /Ask, entered ${AT_ONCE}`,
      'TaskStarted /Ask',
      'TaskSucceeded /Ask',
      'EvaluationFailed /Ask',
      'StateFailed /Ask',
      'CompensationStarted',
    ],
  },
  {
    name: 'an output without a value: the task is done, and its state is not left',
    play: { states: { Ask: { ...read, Output: '{% $states.result.none %}' } } },
    records: [
      `TaskScheduled /Ask, entered ${AT_ONCE}`,
      'TaskStarted /Ask',
      'TaskSucceeded /Ask',
      'EvaluationFailed /Ask',
      'StateFailed /Ask',
      'CompensationStarted',
    ],
  },
  {
    name: 'a further attempt enters nothing',
    play: {
      states: { Ask: { ...read, Retry: [{ ErrorEquals: ['E'] }] } },
      attempts: { Ask: [{ fails: 'E' }] },
    },
    records: [
      `TaskScheduled /Ask, entered ${AT_ONCE}`,
      'TaskStarted /Ask',
      'TaskFailed /Ask',
      'RetryScheduled /Ask',
      'TaskScheduled /Ask',
      'TaskStarted /Ask',
      'TaskSucceeded /Ask, exited {}',
    ],
  },
  {
    name: 'an answer from outside: whoever hears it does not know what follows',
    play: {
      states: { Ask: { ...read, Resource: 'ask' } },
      sent: [{ at: 4, token: 0, signal: 'success' }],
    },
    records: [
      `TaskScheduled /Ask, entered ${AT_ONCE}`,
      'TaskStarted /Ask',
      'TaskSubmitted /Ask',
      'TaskSucceeded /Ask',
      'StateExited /Ask',
    ],
  },
  {
    name: 'a write that is done behind the failure of a sibling: its state is aborted, not left',
    play: {
      states: {
        Both: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'Bad', States: { Bad: read } },
            { StartAt: 'Slow', States: { Slow: { ...read, Resource: 'write' } } },
          ],
          End: true,
        },
      },
      attempts: { Bad: [{ after: 1, fails: 'E' }], Slow: [{ after: 9 }] },
    },
    records: [
      'StateEntered /Both',
      'ParallelStarted /Both',
      `TaskScheduled Both[0]/Bad, entered ${AT_ONCE}`,
      `TaskScheduled Both[1]/Slow, entered ${AT_ONCE}`,
      'TaskStarted Both[0]/Bad',
      'TaskStarted Both[1]/Slow',
      'TaskFailed Both[0]/Bad',
      'StateFailed Both[0]/Bad',
      'TaskSucceeded Both[1]/Slow',
      'StateAborted Both[1]/Slow',
      'ParallelFailed /Both',
      'StateFailed /Both',
      'CompensationStarted',
      'TaskUndoStarted Both[1]/Slow',
      'TaskUndoFinished Both[1]/Slow',
    ],
  },
  {
    name: 'a write that is done when somebody has stopped it: nothing is left before what was done is taken back',
    play: {
      states: { Slow: { ...read, Resource: 'write' } },
      attempts: { Slow: [{ after: 9 }] },
      stopAt: 5,
    },
    records: [
      `TaskScheduled /Slow, entered ${AT_ONCE}`,
      'TaskStarted /Slow',
      'TaskSucceeded /Slow',
      'CompensationStarted',
      'TaskUndoStarted /Slow',
      'TaskUndoFinished /Slow',
    ],
  },
]

test.each(ROWS)('the records of a task: $name', async ({ play: table, records }) => {
  expect(said((await play(table)).journal)).toEqual(records)
})

test('arguments and output see the same moment at which the state was entered', async () => {
  const entered = '{% $states.context.State.EnteredTime %}'
  const { journal } = await play({
    states: { Wait: { Type: 'Wait', Seconds: 3, Next: 'Ask' }, Ask: { ...read, Arguments: entered, Output: entered } },
    attempts: { Ask: [{ after: 5 }] },
  })
  const due = journal.find(({ type }) => type === 'TaskScheduled')
  const done = journal.find(({ type }) => type === 'TaskSucceeded')
  expect(due).toMatchObject({ arguments: '2026-01-05T08:00:03.000Z', entered: '2026-01-05T08:00:03.000Z' })
  expect(done).toMatchObject({ at: '2026-01-05T08:00:08.000Z', exited: { output: '2026-01-05T08:00:03.000Z' } })
})

/** A Map whose iterations settle, in the middle of the last task of its only one; `saved`: its switch was saved. */
function settling(saved: boolean) {
  const save = {
    kind: 'Task',
    name: 'Save',
    at: PLACE,
    flow: FLOW,
    task: 'save',
    scope: 'task.confirm',
    effect: 'write',
  }
  const one = { ...save, undo: { by: 'rollback' }, token: false, retry: [], catch: [] }
  const each = {
    kind: 'Map',
    name: 'Each',
    at: PLACE,
    flow: FLOW,
    items: { from: 'targets' },
    maxConcurrency: { from: 'literal', value: 1 },
    settles: true,
    retry: [],
    catch: [],
    iterator: { version: 3, startAt: 'Save', states: { Save: one } },
  }
  const session = 'eosflow-00c0ffee-2'
  const bodies: readonly EventBody[] = [
    { ...STARTED, machine: { version: 3, startAt: 'Each', states: { Each: each } } },
    { type: 'StateEntered', path: '', state: 'Each' },
    { type: 'MapStarted', path: '', state: 'Each', items: ['leaf1'], maxConcurrency: 1 },
    { type: 'TaskScheduled', path: 'Each[0]', state: 'Save', entered: AT_ONCE, attempt: 1, arguments: {} },
    { type: 'TaskStarted', path: 'Each[0]', state: 'Save', attempt: 1 },
    { type: 'ActIntended', device: 'leaf1', act: 'save', session },
    ...(saved ? [{ type: 'ActFinished', device: 'leaf1', act: 'save', session, outcome: 'done' } as const] : []),
  ]
  // What is written a second behind that.
  const envelope = { v: 1, at: '2026-01-05T08:00:01.000Z', actor: 'local:0:test', execution: EXECUTION } as const
  return foldAll(
    EXECUTION,
    bodies.map((body, index) => ({ ...body, ...envelope, seq: index + 1 })),
  )
}

test('an iteration that settles its switch is left by a record for itself: until then a stop takes the change back', async () => {
  const done = { type: 'TaskSucceeded', path: 'Each[0]', state: 'Save', output: {}, device: 'leaf1' } as const
  expect(settling(true).scopes.get('Each[0]')?.enteredAt).toBe(Date.parse(AT_ONCE))
  const ports = { now: Date.parse(AT_ONCE), random: new SeededRandom() }
  expect(await leaving(settling(true), done, ports)).toEqual([done])
  expect(await leaving(settling(false), done, ports)).toEqual([{ ...done, exited: {} }])
})

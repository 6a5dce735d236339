import { expect, test } from 'vitest'
import { type Play, play } from './table.ts'

const end = { Type: 'Pass', End: true }

/** Tries a task under these retriers; what is left of its error is caught. */
function tried(retry: readonly object[], attempts: readonly { fails?: string }[], more: Partial<Play> = {}) {
  const states = {
    Try: {
      Type: 'Task',
      Resource: 'read',
      Arguments: { count: '{% $states.context.State.RetryCount %}' },
      Retry: retry,
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Lost' }],
      End: true,
    },
    Lost: end,
  }
  return { states: states as never, attempts: { Try: attempts }, ...more }
}

const fail = (...names: readonly string[]) => names.map((fails) => ({ fails }))
const ALL = ['States.ALL']
const five = fail('E', 'E', 'E', 'E', 'E')

interface Row {
  readonly name: string
  readonly retry: readonly object[]
  readonly attempts: readonly { fails?: string }[]
  readonly fractions?: readonly number[]
  /** The seconds at which attempts are scheduled. */
  readonly scheduled: readonly number[]
  readonly retriers: readonly number[]
  readonly end: string
}

const CAUGHT = 'StateExited /Try caught {"Error":"E","Cause":"table"}'
const ROWS: readonly Row[] = [
  {
    name: 'the defaults: three retries after 1, 2 and 4 seconds',
    retry: [{ ErrorEquals: ALL }],
    attempts: five,
    scheduled: [0, 1, 3, 7],
    retriers: [0, 0, 0],
    end: CAUGHT,
  },
  {
    name: 'it fails, then succeeds',
    retry: [{ ErrorEquals: ['E'], IntervalSeconds: 5 }],
    attempts: fail('E', 'E'),
    scheduled: [0, 5, 15],
    retriers: [0, 0],
    end: 'StateExited /Try {}',
  },
  {
    name: 'a rate of 1 waits as long each time',
    retry: [{ ErrorEquals: ALL, IntervalSeconds: 3, BackoffRate: 1, MaxAttempts: 4 }],
    attempts: five,
    scheduled: [0, 3, 6, 9, 12],
    retriers: [0, 0, 0, 0],
    end: CAUGHT,
  },
  {
    name: 'a rate that is no integer',
    retry: [{ ErrorEquals: ALL, IntervalSeconds: 2, BackoffRate: 1.5, MaxAttempts: 4 }],
    attempts: five,
    scheduled: [0, 2, 5, 9.5, 16.25],
    retriers: [0, 0, 0, 0],
    end: CAUGHT,
  },
  {
    name: 'a cap',
    retry: [{ ErrorEquals: ALL, IntervalSeconds: 4, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 4 }],
    attempts: five,
    scheduled: [0, 4, 14, 24, 34],
    retriers: [0, 0, 0, 0],
    end: CAUGHT,
  },
  {
    name: 'full jitter is a share of the delay, the cap included',
    retry: [{ ErrorEquals: ALL, IntervalSeconds: 4, BackoffRate: 3, MaxDelaySeconds: 10, JitterStrategy: 'FULL' }],
    attempts: five,
    fractions: [0.5, 0.25, 0],
    scheduled: [0, 2, 4.5, 4.5],
    retriers: [0, 0, 0],
    end: CAUGHT,
  },
  {
    name: 'without jitter chance is not asked',
    retry: [{ ErrorEquals: ALL, IntervalSeconds: 4, JitterStrategy: 'NONE' }],
    attempts: five,
    fractions: [0.5, 0.5, 0.5],
    scheduled: [0, 4, 12, 28],
    retriers: [0, 0, 0],
    end: CAUGHT,
  },
  {
    name: 'no attempts means never',
    retry: [{ ErrorEquals: ALL, MaxAttempts: 0 }],
    attempts: five,
    scheduled: [0],
    retriers: [],
    end: CAUGHT,
  },
  {
    name: 'each retrier has a budget and a delay of its own',
    retry: [
      { ErrorEquals: ['A'], IntervalSeconds: 1, MaxAttempts: 2 },
      { ErrorEquals: ['B'], IntervalSeconds: 10, MaxAttempts: 2 },
    ],
    attempts: fail('A', 'B', 'A', 'B', 'A'),
    scheduled: [0, 1, 11, 13, 33],
    retriers: [0, 1, 0, 1],
    end: 'StateExited /Try caught {"Error":"A","Cause":"table"}',
  },
  {
    name: 'the first retrier that takes an error pays, though a later one has budget left',
    retry: [
      { ErrorEquals: ['E'], MaxAttempts: 1 },
      { ErrorEquals: ALL, MaxAttempts: 9 },
    ],
    attempts: five,
    scheduled: [0, 1],
    retriers: [0],
    end: CAUGHT,
  },
  {
    name: 'an error that no retrier takes is caught at once',
    retry: [{ ErrorEquals: ['Other', 'States.Timeout', 'State.ALL'] }],
    attempts: five,
    scheduled: [0],
    retriers: [],
    end: CAUGHT,
  },
  {
    name: 'States.TaskFailed takes every error of a task',
    retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 }],
    attempts: five,
    scheduled: [0, 1],
    retriers: [0],
    end: CAUGHT,
  },
]

test.each(ROWS)('retry: $name', async ({ retry, attempts, fractions, scheduled, retriers, end: ended }) => {
  const played = await play(tried(retry, attempts, fractions === undefined ? {} : { fractions }))
  const counts = scheduled.map((_, index) => index)

  expect(played.lines('TaskScheduled')).toEqual(scheduled.map((at, index) => `${at} TaskScheduled /Try #${index + 1}`))
  expect(played.journal.flatMap((event) => (event.type === 'RetryScheduled' ? [event.retrier] : []))).toEqual(retriers)
  // The arguments of every attempt are computed anew, and know how many came before.
  expect(played.calls).toEqual(counts.map((count) => `/Try ${count + 1} {"count":${count}}`))
  expect(played.lines('StateExited')[0]?.replace(/^\S+ /, '')).toBe(ended)
})

test('a state that is entered again has its budget again', async () => {
  const { lines } = await play({
    states: {
      First: { Type: 'Pass', Assign: { turn: 1 }, Next: 'Try' },
      Try: {
        Type: 'Task',
        Resource: 'read',
        Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Turn' }],
        End: true,
      },
      Turn: { Type: 'Choice', Choices: [{ Condition: '{% $turn < 2 %}', Next: 'Next' }], Default: 'Done' },
      Next: { Type: 'Pass', Assign: { turn: '{% $turn + 1 %}' }, Next: 'Try' },
      Done: { Type: 'Succeed' },
    },
    attempts: { Try: fail('E', 'E', 'E', 'E') },
  })
  expect(lines('TaskScheduled', 'ExecutionEnded')).toEqual([
    '0 TaskScheduled /Try #1',
    '1 TaskScheduled /Try #2',
    '1 TaskScheduled /Try #1',
    '2 TaskScheduled /Try #2',
    '2 ExecutionEnded succeeded {"Error":"E","Cause":"table"}',
  ])
})

test('a Map that is retried begins all of its items again', async () => {
  const { lines } = await play({
    states: {
      Each: {
        Type: 'Map',
        Items: [1, 2],
        MaxConcurrency: 1,
        Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 7 }],
        ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Task', Resource: 'read', End: true } } },
        End: true,
      },
    },
    attempts: { 'Each[1]/One': [{ after: 2, fails: 'E' }] },
  })
  expect(lines('MapStarted', 'MapFailed', 'RetryScheduled', 'TaskScheduled', 'ExecutionEnded')).toEqual([
    '0 MapStarted /Each [1,2]',
    '0 TaskScheduled Each[0]/One #1',
    '0 TaskScheduled Each[1]/One #1',
    '2 MapFailed /Each E',
    '2 RetryScheduled /Each by 0 for 7 s',
    '9 MapStarted /Each [1,2]',
    '9 TaskScheduled Each[0]/One #1',
    '9 TaskScheduled Each[1]/One #1',
    '9 ExecutionEnded succeeded [{},{}]',
  ])
})

test('a write whose answer was lost is tried again only after it has asked', async () => {
  const { calls } = await play({
    states: { Set: { Type: 'Task', Resource: 'write', Retry: [{ ErrorEquals: ['E'] }], End: true } },
    attempts: { Set: [{ fails: 'E' }, { fails: 'E', lost: true }, { fails: 'E' }] },
  })
  // A refusal has done nothing. What was in doubt once stays so until an attempt succeeds.
  expect(calls).toEqual(['/Set 1 {}', '/Set 2 {}', '/Set 3 asks first {}', '/Set 4 asks first {}'])
})

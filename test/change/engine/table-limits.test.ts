import { describe, expect, test } from 'vitest'
import { play } from './table.ts'

const ALL = ['States.ALL']
const task = (resource: string, more: object = {}) => ({ Type: 'Task', Resource: resource, End: true, ...more })
const caught = { Type: 'Pass', End: true }

describe('the time of a task', () => {
  test('a read is ended when it is over', async () => {
    const { lines } = await play({
      states: { Read: task('read', { TimeoutSeconds: 5 }) },
      attempts: { Read: [{ after: 9 }] },
    })
    expect(lines('TaskTimedOut', 'StateFailed', 'ExecutionEnded')).toEqual([
      '5 TaskTimedOut /Read States.Timeout',
      '5 StateFailed /Read States.Timeout',
      '5 ExecutionEnded refused States.Timeout',
    ])
  })

  test('a write is waited for, has timed out nevertheless, and is undone', async () => {
    const { lines, calls } = await play({
      states: { Write: task('write', { TimeoutSeconds: 5 }) },
      attempts: { Write: [{ after: 9 }] },
    })
    expect(lines('TaskTimedOut', 'TaskSucceeded', 'TaskUndoStarted', 'ExecutionEnded')).toEqual([
      '9 TaskTimedOut /Write States.Timeout',
      '9 TaskUndoStarted /Write',
      '9 ExecutionEnded refused States.Timeout',
    ])
    expect(calls).toEqual(['/Write 1 {}', 'undo /Write'])
  })

  test('what is done in time is not bothered', async () => {
    const { lines } = await play({
      states: { Read: task('read', { TimeoutSeconds: 5 }) },
      attempts: { Read: [{ after: 4.999, gives: 1 }] },
    })
    expect(lines('TaskTimedOut', 'TaskSucceeded', 'ExecutionEnded')).toEqual([
      '4.999 TaskSucceeded /Read',
      '4.999 ExecutionEnded succeeded 1',
    ])
  })

  test('every attempt has the whole time, counted from its own beginning', async () => {
    const { lines } = await play({
      states: {
        Read: task('read', {
          TimeoutSeconds: '{% 3 + $states.context.State.RetryCount %}',
          Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 10, MaxAttempts: 2 }],
        }),
      },
      attempts: { Read: [{ never: true }, { never: true }, { after: 4.5 }] },
    })
    expect(lines('TaskStarted', 'TaskTimedOut', 'TaskSucceeded')).toEqual([
      '0 TaskStarted /Read',
      '3 TaskTimedOut /Read States.Timeout',
      '13 TaskStarted /Read',
      '17 TaskTimedOut /Read States.Timeout',
      '37 TaskStarted /Read',
      '41.5 TaskSucceeded /Read',
    ])
  })

  test('States.TaskFailed does not take it, States.Timeout does, with an empty cause', async () => {
    const { lines } = await play({
      states: {
        Read: task('read', {
          TimeoutSeconds: 2,
          Catch: [
            { ErrorEquals: ['States.TaskFailed'], Next: 'Wrong' },
            { ErrorEquals: ['States.Timeout'], Next: 'Right' },
          ],
        }),
        Wrong: caught,
        Right: caught,
      },
      attempts: { Read: [{ never: true }] },
    })
    expect(lines('StateExited')).toEqual([
      '2 StateExited /Read caught {"Error":"States.Timeout","Cause":""}',
      '2 StateExited /Right {"Error":"States.Timeout","Cause":""}',
    ])
  })
})

describe('heartbeats', () => {
  const asking = {
    Ask: task('ask', {
      TimeoutSeconds: 60,
      HeartbeatSeconds: 10,
      Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Silent' }],
    }),
    Silent: caught,
  }
  const shown = ['TaskHeartbeat', 'TaskSucceeded', 'TaskTimedOut', 'ExecutionEnded'] as const

  test('each gives the same time again', async () => {
    const { lines } = await play({
      states: asking,
      sent: [
        { at: 9, token: 0, signal: 'heartbeat' },
        { at: 18, token: 0, signal: 'heartbeat' },
        { at: 27.5, token: 0, signal: 'success', output: 7 },
      ],
    })
    expect(lines(...shown)).toEqual([
      '9 TaskHeartbeat /Ask',
      '18 TaskHeartbeat /Ask',
      '27.5 TaskSucceeded /Ask',
      '27.5 ExecutionEnded succeeded 7',
    ])
  })

  test('one that is missing ends the task, and one that comes then is too late', async () => {
    const { lines } = await play({
      states: asking,
      sent: [
        { at: 9, token: 0, signal: 'heartbeat' },
        { at: 19.5, token: 0, signal: 'heartbeat' },
        { at: 20, token: 0, signal: 'success' },
      ],
    })
    expect(lines(...shown, 'StateExited')).toEqual([
      '9 TaskHeartbeat /Ask',
      '19 TaskTimedOut /Ask States.HeartbeatTimeout',
      '19 StateExited /Ask caught {"Error":"States.Timeout","Cause":""}',
      '19 StateExited /Silent {"Error":"States.Timeout","Cause":""}',
      '19 ExecutionEnded succeeded {"Error":"States.Timeout","Cause":""}',
    ])
  })

  test('States.Timeout takes a missing one too', async () => {
    const { lines } = await play({
      states: {
        Ask: task('ask', {
          TimeoutSeconds: 60,
          HeartbeatSeconds: 10,
          Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }],
        }),
      },
    })
    expect(lines('TaskTimedOut', 'RetryScheduled', 'StateFailed')).toEqual([
      '10 TaskTimedOut /Ask States.HeartbeatTimeout',
      '10 RetryScheduled /Ask by 0 for 1 s',
      '21 TaskTimedOut /Ask States.HeartbeatTimeout',
      '21 StateFailed /Ask States.HeartbeatTimeout',
    ])
  })

  test('the whole time ends a task that shows that it is alive', async () => {
    const { lines } = await play({
      states: { Ask: task('ask', { TimeoutSeconds: 15, HeartbeatSeconds: 10 }) },
      sent: [{ at: 9, token: 0, signal: 'heartbeat' }],
    })
    expect(lines(...shown)).toEqual([
      '9 TaskHeartbeat /Ask',
      '15 TaskTimedOut /Ask States.Timeout',
      '15 ExecutionEnded refused States.Timeout',
    ])
  })
})

describe('the time of the whole machine', () => {
  test('ends a read at once; no catcher takes it', async () => {
    const { lines } = await play({
      states: { Read: task('read', { Catch: [{ ErrorEquals: ALL, Next: 'Done' }] }), Done: caught },
      more: { TimeoutSeconds: 30 },
      attempts: { Read: [{ after: 40 }] },
    })
    expect(lines('TaskFailed', 'StateExited', 'CompensationStarted', 'ExecutionEnded')).toEqual([
      '30 TaskFailed /Read cancelled',
      '30 CompensationStarted timed-out States.Timeout',
      '30 ExecutionEnded refused States.Timeout',
    ])
  })

  test('waits for a write, and undoes what was written, the newest first', async () => {
    const { lines, calls } = await play({
      states: { One: { ...task('write'), End: undefined, Next: 'Two' }, Two: task('write') } as never,
      more: { TimeoutSeconds: 30 },
      attempts: { One: [{ after: 20 }], Two: [{ after: 20 }] },
    })
    expect(lines('TaskSucceeded', 'StateExited', 'CompensationStarted', 'ExecutionEnded')).toEqual([
      '20 TaskSucceeded /One',
      '20 StateExited /One {}',
      '40 TaskSucceeded /Two',
      '40 CompensationStarted timed-out States.Timeout',
      '40 ExecutionEnded refused States.Timeout',
    ])
    expect(calls).toEqual(['/One 1 {}', '/Two 1 {}', 'undo /Two', 'undo /One'])
  })

  test.each([
    ['a pause', { Wait: { Type: 'Wait', Seconds: 100, End: true } }],
    ['a back-off', { Read: task('read', { Retry: [{ ErrorEquals: ALL, IntervalSeconds: 100 }] }) }],
    ['a token', { Ask: task('ask') }],
  ])('ends %s', async (_, states) => {
    const { lines } = await play({ states, more: { TimeoutSeconds: 30 }, attempts: { Read: [{ fails: 'E' }] } })
    expect(lines('CompensationStarted', 'ExecutionEnded')).toEqual([
      '30 CompensationStarted timed-out States.Timeout',
      '30 ExecutionEnded refused States.Timeout',
    ])
  })

  test('a person ends it the same way', async () => {
    const { lines, calls } = await play({
      states: {
        One: { ...task('write'), End: undefined, Next: 'Wait' },
        Wait: { Type: 'Wait', Seconds: 100, End: true },
      } as never,
      stopAt: 12,
    })
    expect(lines('CompensationStarted', 'ExecutionEnded')).toEqual([
      '12 CompensationStarted cancelled cancelled',
      '12 ExecutionEnded cancelled cancelled',
    ])
    expect(calls).toEqual(['/One 1 {}', 'undo /One'])
  })
})

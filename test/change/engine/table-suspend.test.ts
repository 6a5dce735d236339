import { describe, expect, test } from 'vitest'
import { play } from './table.ts'

const task = (resource: string, more: object = {}) => ({ Type: 'Task', Resource: resource, End: true, ...more })
const two = (first: object, second: object = task('read')) =>
  ({ First: { ...first, End: undefined, Next: 'Second' }, Second: second }) as never
const SHOWN = [
  'TaskScheduled',
  'TaskStarted',
  'TaskSucceeded',
  'TaskFailed',
  'TaskTimedOut',
  'CompensationStarted',
  'TaskUndoStarted',
  'ExecutionEnded',
] as const

describe('a suspended execution', () => {
  test('ends a read where it is, puts nothing of that on record, and makes it again when it is resumed', async () => {
    const { state, lines, again } = await play({
      states: two(task('read')),
      attempts: { First: [{ after: 60 }, { after: 1, gives: 'again' }] },
      suspendAt: 5,
    })
    expect(state.status).toBe('running')
    expect(lines(...SHOWN)).toEqual(['0 TaskScheduled /First #1', '0 TaskStarted /First'])

    const resumed = await again({ type: 'ExecutionResumed' })
    expect(resumed.calls).toEqual(['/First 1 asks first {}', '/Second 1 {}'])
    expect(resumed.state.outcome).toBe('succeeded')
  })

  test('waits for a call that writes, records it, and begins nothing behind it; nothing is undone', async () => {
    const { state, lines, calls } = await play({
      states: two(task('write'), task('write')),
      attempts: { First: [{ after: 60, gives: 'done' }] },
      suspendAt: 5,
    })
    expect(state.status).toBe('running')
    expect(lines(...SHOWN)).toEqual([
      '0 TaskScheduled /First #1',
      '0 TaskStarted /First',
      '60 TaskSucceeded /First',
      '60 TaskScheduled /Second #1',
    ])
    expect(calls).toEqual(['/First 1 {}'])
  })

  test.each([
    ['a Wait state', { Type: 'Wait', Seconds: 100 }, {}, 'started'],
    [
      'a pause before a retry',
      task('read', { Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 100, MaxAttempts: 1 }] }),
      { First: [{ fails: 'E' }] },
      'backoff',
    ],
    ['an answer from outside', task('ask'), {}, 'waiting'],
  ])('rests at once in %s', async (_name, state, attempts, phase) => {
    const { state: rested, lines, again } = await play({ states: two(state), attempts, suspendAt: 5 })
    expect(rested.scopes.get('')).toMatchObject({ state: 'First', phase })
    expect(lines('ExecutionEnded', 'StateExited')).toEqual([])
    const resumed = await again({ type: 'ExecutionResumed' }, { unattended: true })
    expect(resumed.state.status).toBe(phase === 'waiting' ? 'running' : 'ended')
  })

  test('that has nothing more to begin ends', async () => {
    const { state } = await play({
      states: { First: task('write') } as never,
      attempts: { First: [{ after: 60 }] },
      suspendAt: 5,
    })
    expect(state.outcome).toBe('succeeded')
  })

  test('is put back all the same when it is stopped before it rests', async () => {
    const { lines } = await play({
      states: two(task('write')),
      attempts: { First: [{ after: 60 }] },
      suspendAt: 5,
      stopAt: 10,
    })
    expect(lines('CompensationStarted', 'TaskUndoStarted', 'ExecutionEnded')).toEqual([
      '60 CompensationStarted cancelled cancelled',
      '60 TaskUndoStarted /First',
      '60 ExecutionEnded cancelled cancelled',
    ])
  })

  test('goes on with what it puts back: a state whose failure is handled is undone before it rests', async () => {
    const { state, calls } = await play({
      states: {
        Both: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'Bad', States: { Bad: task('read') } },
            { StartAt: 'Other', States: { Other: task('write') } },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
          End: true,
        },
        Caught: task('read'),
      } as never,
      attempts: { Bad: [{ after: 5, fails: 'E' }], Other: [{ after: 60 }] },
      suspendAt: 10,
    })
    expect(calls).toEqual(['Both[0]/Bad 1 {}', 'Both[1]/Other 1 {}', 'undo Both[1]/Other'])
    expect(state.scopes.get('')).toMatchObject({ state: 'Caught', phase: 'scheduled' })
  })
})

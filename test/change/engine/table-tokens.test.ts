import { describe, expect, test } from 'vitest'
import { play } from './table.ts'

const ask = (more: object = {}) => ({ Type: 'Task', Resource: 'ask', End: true, ...more })
const SHOWN = ['TaskSubmitted', 'TaskSucceeded', 'TaskFailed', 'TaskTimedOut', 'StateExited', 'ExecutionEnded'] as const

describe('answers to task tokens', () => {
  test('the first one counts, the second is heard by nobody', async () => {
    const { lines } = await play({
      states: { Ask: ask({ End: undefined, Next: 'Wait' }), Wait: { Type: 'Wait', Seconds: 20, End: true } },
      sent: [
        { at: 3, token: 0, signal: 'success', output: 'first' },
        { at: 4, token: 0, signal: 'success', output: 'second' },
        { at: 5, token: 0, signal: 'failure', error: 'E' },
      ],
    })
    expect(lines(...SHOWN)).toEqual([
      '0 TaskSubmitted /Ask',
      '3 TaskSucceeded /Ask',
      '3 StateExited /Ask "first"',
      '23 StateExited /Wait "first"',
      '23 ExecutionEnded succeeded "first"',
    ])
    expect(lines('SignalSent')).toHaveLength(3)
  })

  test('two that come at once: the first in the journal', async () => {
    const { lines } = await play({
      states: { Ask: ask() },
      sent: [
        { at: 3, token: 0, signal: 'failure', error: 'E' },
        { at: 3, token: 0, signal: 'success' },
      ],
    })
    expect(lines(...SHOWN)).toEqual(['0 TaskSubmitted /Ask', '3 TaskFailed /Ask E', '3 ExecutionEnded refused E'])
  })

  test('one that comes after the time-out is late', async () => {
    const { lines } = await play({
      states: {
        Ask: ask({ TimeoutSeconds: 5, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Wait' }] }),
        Wait: { Type: 'Wait', Seconds: 20, End: true },
      },
      sent: [{ at: 6, token: 0, signal: 'success', output: 'late' }],
    })
    expect(lines(...SHOWN)).toEqual([
      '0 TaskSubmitted /Ask',
      '5 TaskTimedOut /Ask States.Timeout',
      '5 StateExited /Ask caught {"Error":"States.Timeout","Cause":""}',
      '25 StateExited /Wait {"Error":"States.Timeout","Cause":""}',
      '25 ExecutionEnded succeeded {"Error":"States.Timeout","Cause":""}',
    ])
  })

  test('every attempt has its own token; the one of an earlier attempt answers nothing', async () => {
    const { lines, calls } = await play({
      states: {
        Ask: ask({
          Arguments: { token: '{% $states.context.Task.Token %}' },
          TimeoutSeconds: 5,
          Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }],
        }),
      },
      sent: [
        { at: 7, token: 0, signal: 'success', output: 'old' },
        { at: 8, token: 1, signal: 'success', output: 'new' },
      ],
    })
    expect(lines(...SHOWN)).toEqual([
      '0 TaskSubmitted /Ask',
      '5 TaskTimedOut /Ask States.Timeout',
      '6 TaskSubmitted /Ask',
      '8 TaskSucceeded /Ask',
      '8 StateExited /Ask "new"',
      '8 ExecutionEnded succeeded "new"',
    ])
    expect(calls).toEqual([
      '/Ask 1 {"token":"__eosflow-task-token__"}',
      '/Ask 2 asks first {"token":"__eosflow-task-token__"}',
    ])
  })

  test('no token is on record', async () => {
    const { journal } = await play({
      states: { Ask: ask({ Arguments: { token: '{% $states.context.Task.Token %}' } }) },
      sent: [{ at: 1, token: 0, signal: 'success' }],
    })
    expect(JSON.stringify(journal)).toContain('digest /Ask/2/1')
    expect(JSON.stringify(journal)).not.toContain('token 2026')
  })

  test('every visit has its own token', async () => {
    const { lines } = await play({
      states: {
        Start: { Type: 'Pass', Assign: { turn: 0 }, Next: 'Ask' },
        Ask: ask({ End: undefined, Assign: { turn: '{% $turn + 1 %}' }, Next: 'Again' }),
        Again: { Type: 'Choice', Choices: [{ Condition: '{% $turn < 2 %}', Next: 'Ask' }], Default: 'Done' },
        Done: { Type: 'Succeed' },
      },
      sent: [
        { at: 1, token: 0, signal: 'success' },
        { at: 2, token: 0, signal: 'success' },
        { at: 3, token: 1, signal: 'success' },
      ],
    })
    expect(lines('TaskSubmitted', 'TaskSucceeded')).toEqual([
      '0 TaskSubmitted /Ask',
      '1 TaskSucceeded /Ask',
      '1 TaskSubmitted /Ask',
      '3 TaskSucceeded /Ask',
    ])
  })

  test('a failure without a name is caught by States.ALL as null', async () => {
    const { lines } = await play({
      states: {
        Ask: ask({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] }),
        Caught: { Type: 'Pass', End: true },
      },
      sent: [{ at: 1, token: 0, signal: 'failure' }],
    })
    expect(lines('StateExited')).toEqual([
      '1 StateExited /Ask caught {"Error":null,"Cause":null}',
      '1 StateExited /Caught {"Error":null,"Cause":null}',
    ])
  })

  test('tokens of parallel branches are kept apart', async () => {
    const { state } = await play({
      states: {
        Both: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'A', States: { A: ask() } },
            { StartAt: 'B', States: { B: ask() } },
          ],
          End: true,
        },
      },
      sent: [
        { at: 1, token: 1, signal: 'success', output: 'b' },
        { at: 2, token: 0, signal: 'success', output: 'a' },
      ],
    })
    expect(state.output).toEqual(['a', 'b'])
  })
})

describe('when nobody stays to hear the answer', () => {
  test('the execution rests, and goes on when it is resumed, with what came in between', async () => {
    const rests = await play({ states: { Ask: ask({ TimeoutSeconds: 600 }) }, unattended: true })
    expect(rests.state.status).toBe('running')
    expect(rests.lines(...SHOWN)).toEqual(['0 TaskSubmitted /Ask'])

    const resumed = await rests.again(
      { type: 'ExecutionResumed' },
      {
        unattended: false,
        sent: [{ at: 30, token: 0, signal: 'success', output: 1 }],
      },
    )
    expect(resumed.lines(...SHOWN)).toEqual([
      '0 TaskSubmitted /Ask',
      '30 TaskSucceeded /Ask',
      '30 StateExited /Ask 1',
      '30 ExecutionEnded succeeded 1',
    ])
    expect(resumed.calls).toEqual([])
  })
})

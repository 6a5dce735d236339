import { describe, expect, test } from 'vitest'
import {
  type HistoryEvent,
  type Mocks,
  RefusedDefinition,
  runStateMachine,
  type StateMachineRun,
} from '../../../src/testing.ts'
import { linesOf } from '../../table.ts'

const stock = 'arn:aws:lambda:eu-central-1:123456789012:function:stock'
const ask = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken'

/** A machine in JSONata whose first state is the first one given. */
const jsonata = (states: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0],
  States: states,
  ...more,
})
const task = (more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: stock,
  End: true,
  ...more,
})
const types = (history: readonly HistoryEvent[]) => history.map(({ type }) => type)

/** How a run ended, and at how many seconds which kinds of events were told. */
async function told(run: StateMachineRun, kinds: RegExp = /./) {
  const { status, error, history, output } = await runStateMachine(run)
  const began = Date.parse(history[0]?.timestamp ?? '')
  const rows = history.filter(({ type }) => kinds.test(type))
  return [
    ...rows.map(({ type, timestamp }) => `+${(Date.parse(timestamp) - began) / 1000} ${type}`),
    [status, error, output === undefined ? undefined : JSON.stringify(output)].filter(Boolean).join(' '),
  ]
}

describe('runStateMachine', () => {
  test('tells ids, causes and details as Step Functions does', async () => {
    const definition = jsonata({
      Look: task({ Assign: { left: '{% $states.result %}' }, TimeoutSeconds: 9, Next: 'Done', End: undefined }),
      Done: { Type: 'Succeed' },
    })
    const { history, ...end } = await runStateMachine({
      definition: JSON.parse(JSON.stringify(definition)),
      input: { item: 7 },
      mocks: { Look: [{ output: 3 }] },
      now: '2026-03-01T10:00:00Z',
    })
    const whole = { truncated: false }
    const timestamp = '2026-03-01T10:00:00.000Z'
    expect(end).toEqual({ status: 'SUCCEEDED', output: 3 })
    expect(history).toEqual([
      {
        id: 1,
        previousEventId: 0,
        timestamp,
        type: 'ExecutionStarted',
        executionStartedEventDetails: {
          input: '{"item":7}',
          inputDetails: whole,
          roleArn: 'arn:aws:iam::111111111111:role/StateMachineRole',
        },
      },
      {
        id: 2,
        previousEventId: 0,
        timestamp,
        type: 'TaskStateEntered',
        stateEnteredEventDetails: { name: 'Look', input: '{"item":7}', inputDetails: whole },
      },
      {
        id: 3,
        previousEventId: 2,
        timestamp,
        type: 'LambdaFunctionScheduled',
        lambdaFunctionScheduledEventDetails: {
          resource: stock,
          input: '{"item":7}',
          inputDetails: whole,
          timeoutInSeconds: 9,
        },
      },
      { id: 4, previousEventId: 3, timestamp, type: 'LambdaFunctionStarted' },
      {
        id: 5,
        previousEventId: 4,
        timestamp,
        type: 'LambdaFunctionSucceeded',
        lambdaFunctionSucceededEventDetails: { output: '3', outputDetails: whole },
      },
      {
        id: 6,
        previousEventId: 5,
        timestamp,
        type: 'TaskStateExited',
        stateExitedEventDetails: {
          name: 'Look',
          output: '3',
          outputDetails: whole,
          assignedVariables: { left: '3' },
          assignedVariablesDetails: whole,
        },
      },
      {
        id: 7,
        previousEventId: 6,
        timestamp,
        type: 'SucceedStateEntered',
        stateEnteredEventDetails: { name: 'Done', input: '3', inputDetails: whole },
      },
      {
        id: 8,
        previousEventId: 7,
        timestamp,
        type: 'SucceedStateExited',
        stateExitedEventDetails: { name: 'Done', output: '3', outputDetails: whole },
      },
      {
        id: 9,
        previousEventId: 8,
        timestamp,
        type: 'ExecutionSucceeded',
        executionSucceededEventDetails: { output: '3', outputDetails: whole },
      },
    ])
  })

  test('events of a branch follow each other, not those of its sibling', async () => {
    const branch = (name: string) => jsonata({ [name]: { Type: 'Pass', End: true } })
    const { QueryLanguage: _, ...left } = branch('Left') as Record<string, unknown>
    const { QueryLanguage: __, ...right } = branch('Right') as Record<string, unknown>
    const { history } = await runStateMachine({
      definition: jsonata({ Both: { Type: 'Parallel', Branches: [left, right], End: true } }),
    })
    const started = history.find(({ type }) => type === 'ParallelStateStarted')?.id
    const entered = history.filter(({ type }) => type === 'PassStateEntered')
    const exited = history.filter(({ type }) => type === 'PassStateExited')
    expect(entered.map(({ previousEventId }) => previousEventId)).toEqual([started, started])
    expect(exited.map(({ previousEventId }) => previousEventId)).toEqual(entered.map(({ id }) => id))
  })

  test.each<[string, Mocks, readonly string[]]>([
    [
      'a task that succeeds later',
      { T: [{ error: 'Busy' }, { error: 'Busy' }, { output: 1 }] },
      ['+0 LambdaFunctionFailed', '+2 LambdaFunctionFailed', '+8 LambdaFunctionSucceeded', 'SUCCEEDED 1'],
    ],
    [
      'a task that never does',
      { T: [{ error: 'Busy' }, { error: 'Busy' }, { error: 'Busy' }] },
      ['+0 LambdaFunctionFailed', '+2 LambdaFunctionFailed', '+8 LambdaFunctionFailed', 'FAILED Busy'],
    ],
    ['an error that no retrier names', { T: [{ error: 'Broken' }] }, ['+0 LambdaFunctionFailed', 'FAILED Broken']],
    [
      'a task that does not answer in time',
      { T: [{ never: true }, { output: 2 }] },
      ['+5 LambdaFunctionTimedOut', '+6 LambdaFunctionSucceeded', 'SUCCEEDED 2'],
    ],
  ])('retries %s', async (_, mocks, rows) => {
    const definition = jsonata({
      T: task({
        TimeoutSeconds: 5,
        Retry: [
          { ErrorEquals: ['Busy'], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 3 },
          { ErrorEquals: ['States.Timeout'] },
        ],
      }),
    })
    expect(await told({ definition, mocks }, /^Lambda.*(Failed|Succeeded|TimedOut)$/)).toEqual(rows)
  })

  test.each<[string, Mocks, readonly string[]]>([
    [
      'an answer by token',
      { Ask: [{ submitOutput: 'sent', output: 'yes' }] },
      ['+0 TaskSubmitted', '+0 TaskSucceeded', 'SUCCEEDED "yes"'],
    ],
    [
      'a refusal by token',
      { Ask: [{ submitOutput: 'sent', error: 'No', cause: 'why' }] },
      ['+0 TaskSubmitted', '+0 TaskFailed', 'FAILED No'],
    ],
    [
      'a refusal without a name',
      { Ask: [{ submitOutput: 'sent', error: null }] },
      ['+0 TaskSubmitted', '+0 TaskFailed', 'FAILED'],
    ],
    [
      'no sign of life',
      { Ask: [{ submitOutput: 'sent', never: true }] },
      ['+0 TaskSubmitted', '+60 TaskTimedOut', 'FAILED States.Timeout'],
    ],
    ['a request that was not taken', { Ask: [{ error: 'Sqs.Gone' }] }, ['+0 TaskFailed', 'FAILED Sqs.Gone']],
  ])('hears %s', async (_, mocks, rows) => {
    const definition = jsonata({ Ask: task({ Resource: ask, HeartbeatSeconds: 60 }) })
    expect(await told({ definition, mocks }, /^Task(Submitted|Succeeded|Failed|TimedOut)$/)).toEqual(rows)
  })

  test('of the answers left the first that fits is taken, else the first', async () => {
    const answers = [
      { output: 'any' },
      { input: { n: 2 }, output: 'two' },
      { input: { n: 1, m: [1.5] }, output: 'one' },
    ]
    const definition = jsonata({
      Each: {
        Type: 'Map',
        Items: '{% $states.input %}',
        ItemProcessor: { StartAt: 'T', States: { T: task() } },
        MaxConcurrency: 1,
        End: true,
      },
    })
    const input = [{ m: [1.5], n: 1 }, { n: 9 }, { n: 2 }]
    const { output } = await runStateMachine({ definition, input, mocks: { T: answers } })
    expect(output).toEqual(['one', 'any', 'two'])
  })

  test('a task without an answer ends the run, whatever its catchers say', async () => {
    const definition = jsonata({
      T: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }] }),
      S: { Type: 'Succeed' },
    })
    const { status, error, cause } = await runStateMachine({ definition, mocks: { T: [] } })
    expect([status, error, cause]).toEqual([
      'FAILED',
      'eosflow.bug',
      `state 'T': the mocks hold no answer for attempt 1`,
    ])
  })

  test('the whole machine has its time', async () => {
    const definition = jsonata({ W: { Type: 'Wait', Seconds: 60, End: true } }, { TimeoutSeconds: 10 })
    expect(await told({ definition }, /Wait|Execution/)).toEqual([
      '+0 ExecutionStarted',
      '+0 WaitStateEntered',
      '+10 ExecutionTimedOut',
      'TIMED_OUT States.Timeout',
    ])
  })

  test('what waits for an answer that never comes is stopped', async () => {
    const run = await runStateMachine({ definition: jsonata({ T: task() }), mocks: { T: [{ never: true }] } })
    expect([run.status, types(run.history).at(-1)]).toEqual(['ABORTED', 'ExecutionAborted'])
  })

  test('a failed Map tells which iterations failed and which were aborted', async () => {
    const definition = jsonata({
      Each: {
        Type: 'Map',
        Items: [1, 2],
        ItemProcessor: {
          StartAt: 'Which',
          States: {
            Which: {
              Type: 'Choice',
              Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'Sit' }],
              Default: 'Break',
            },
            Sit: { Type: 'Wait', Seconds: 9, End: true },
            Break: { Type: 'Fail', Error: 'Broken' },
          },
        },
        Catch: [{ ErrorEquals: ['Broken'], Output: '{% $states.errorOutput %}', Next: 'S' }],
        End: true,
      },
      S: { Type: 'Succeed' },
    })
    expect(await told({ definition }, /^Map|Wait/)).toEqual(
      linesOf(`
      +0 MapStateEntered
      +0 MapStateStarted
      +0 MapIterationStarted
      +0 MapIterationStarted
      +0 WaitStateEntered
      +0 MapIterationFailed
      +0 WaitStateAborted
      +0 MapIterationAborted
      +0 MapStateFailed
      +0 MapStateExited
      SUCCEEDED {"Error":"Broken","Cause":""}
    `),
    )
  })

  /** A Parallel of a task and of a sibling that fails after a second. */
  const besidesFailure = (more: Record<string, unknown>) =>
    jsonata({
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'T', States: { T: task(more) } },
          {
            StartAt: 'Sit',
            States: { Sit: { Type: 'Wait', Seconds: 1, Next: 'Break' }, Break: { Type: 'Fail', Error: 'Broken' } },
          },
        ],
        End: true,
      },
    })

  test.each<[string, unknown, Mocks, readonly string[]]>([
    [
      'does not answer',
      besidesFailure({}),
      { T: [{ never: true }] },
      linesOf(`
        +0 LambdaFunctionStarted
        +1 TaskStateAborted
        +1 ParallelStateFailed
        +1 ExecutionFailed
        FAILED Broken
      `),
    ],
    [
      'has no answer',
      jsonata({
        Both: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'T', States: { T: task() } },
            { StartAt: 'U', States: { U: task() } },
          ],
          End: true,
        },
      }),
      { U: [{ error: 'Broken' }] },
      linesOf(`
        +0 LambdaFunctionStarted
        +0 LambdaFunctionStarted
        +0 LambdaFunctionFailed
        +0 TaskStateAborted
        +0 TaskStateAborted
        +0 ParallelStateFailed
        +0 ExecutionFailed
        FAILED Broken
      `),
    ],
    [
      'waits for its next attempt',
      besidesFailure({ Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 9 }] }),
      { T: [{ error: 'Busy' }] },
      linesOf(`
        +0 LambdaFunctionStarted
        +0 LambdaFunctionFailed
        +1 TaskStateAborted
        +1 ParallelStateFailed
        +1 ExecutionFailed
        FAILED Broken
      `),
    ],
  ])('a task whose sibling fails while it %s is named as aborted, once', async (_, definition, mocks, rows) => {
    expect(await told({ definition, mocks }, /Lambda.*(Started|Failed)|Aborted|Failed$/)).toEqual(rows)
  })

  test('what is joined follows the last event of its branches', async () => {
    const { history } = await runStateMachine({
      definition: jsonata({
        Each: {
          Type: 'Map',
          Items: [1],
          ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
          End: true,
        },
      }),
    })
    const idOf = (wanted: string) => history.find(({ type }) => type === wanted)?.id ?? 0
    const joined = history.find(({ type }) => type === 'MapStateSucceeded')
    expect([joined?.previousEventId, idOf('MapIterationSucceeded'), joined?.id]).toEqual([7, 7, 8])
  })

  test('a Map whose output has no value has succeeded before', async () => {
    const definition = jsonata({
      Each: {
        Type: 'Map',
        Items: [],
        ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
        Output: '{% $states.result.nothing %}',
        End: true,
      },
    })
    expect(await told({ definition }, /Map|Failed/)).toEqual(
      linesOf(`
      +0 MapStateEntered
      +0 MapStateStarted
      +0 MapStateSucceeded
      +0 EvaluationFailed
      +0 ExecutionFailed
      FAILED States.QueryEvaluationError
    `),
    )
  })

  test('a payload that is too large is an error that a catcher takes', async () => {
    const definition = jsonata({
      T: task({ Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Output: 'caught', Next: 'S' }] }),
      S: { Type: 'Succeed' },
    })
    const give = (length: number) => ({ T: [{ output: 'x'.repeat(length) }] })
    // Two quotes belong to the JSON text: 262,144 bytes are the limit.
    const [fits, over] = await Promise.all(
      [262_142, 262_143].map((length) => runStateMachine({ definition, mocks: give(length) })),
    )
    expect([fits?.output === 'caught', over?.output]).toEqual([false, 'caught'])
  })

  test.each<['STANDARD' | 'EXPRESS', RegExp, boolean]>([
    ['STANDARD', /^arn:aws:states:us-east-1:111111111111:execution:StateMachine:[0-9a-f]+$/, true],
    ['EXPRESS', /^arn:aws:states:us-east-1:111111111111:express:StateMachine:[0-9a-f]+:[0-9a-f]+$/, false],
  ])('%s has its own context object', async (type, id, redrivable) => {
    const definition = jsonata({ P: { Type: 'Pass', Output: '{% $states.context.Execution %}', End: true } })
    const { output } = await runStateMachine({ definition, type, now: 0 })
    const { Id, StartTime, ...others } = output as Record<string, unknown>
    expect([Id, StartTime]).toEqual([expect.stringMatching(id), '1970-01-01T00:00:00.000Z'])
    expect('RedriveCount' in others).toBe(redrivable)
  })

  test('the same run gives the same history', async () => {
    const definition = jsonata({ P: { Type: 'Pass', Output: '{% [$uuid(), $random(), $now()] %}', End: true } })
    const [first, second] = await Promise.all([runStateMachine({ definition }), runStateMachine({ definition })])
    expect(first).toEqual(second)
  })

  test.each<[string, unknown, Mocks | undefined, string]>([
    ['what is no definition', 'x', undefined, 'Expected value of type Object'],
    [
      'tasks that nobody answers',
      jsonata({ T: task() }),
      undefined,
      `state 'T': the resource ${stock} is none of ours; mock its answers`,
    ],
    [
      'a distributed Map',
      jsonata({
        M: {
          Type: 'Map',
          End: true,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'P',
            States: { P: { Type: 'Pass', End: true } },
          },
        },
      }),
      {},
      `state 'M': a distributed Map is not run; write Mode INLINE`,
    ],
  ])('refuses %s', async (_, definition, mocks, message) => {
    const refused = await runStateMachine({ definition, ...(mocks === undefined ? {} : { mocks }) }).catch(
      (e: unknown) => e,
    )
    expect(refused).toBeInstanceOf(RefusedDefinition)
    expect((refused as RefusedDefinition).message).toBe(message)
  })
})

import { describe, expect, test } from 'vitest'
import { type Dialect, rawAsl, resourceOf } from '../../../src/change/workflow/asl/part.ts'
import { readMachine } from '../../../src/change/workflow/asl/read-machine.ts'
import { notRunnable } from '../../../src/change/workflow/asl/validate-state-machine.ts'
import type { Json } from '../../../src/model/json.ts'
import { accept, locatedNowhere, refuse } from '../../../src/text/source/located.ts'
import { readYaml } from '../../../src/text/source/yaml.ts'

const lambda = 'arn:aws:lambda:eu-central-1:123456789012:function:probe'
const at = { file: 'm', line: 1, column: 1 }

/** A form with extensions: two tasks of its own. */
const ours: Dialect = {
  type: 'STANDARD',
  languages: ['JSONata'],
  extensions: true,
  resource: (name, place) =>
    name === 'own:push' || name === 'own:close'
      ? accept({ task: name.slice(4), scope: 'task.push', effect: 'write', undo: { by: 'rollback' }, token: false })
      : refuse({ code: 'unknown-task', message: `no task ${name}`, at: place, hint: 'own:push' }),
}

function read(definition: Json, dialect: Dialect = rawAsl('STANDARD')) {
  const machine = readMachine(locatedNowhere(definition, 'm'), dialect)
  if (!machine.ok) throw new Error(JSON.stringify(machine.problems))
  return machine.value
}

function located(text: string) {
  const checked = readYaml(text, 'm.yaml')
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.value
}

describe('readMachine', () => {
  test('a machine carries its time-out and the payload that AWS allows', () => {
    const { states: _, ...machine } = read({
      StartAt: 'S',
      Version: '1.0',
      Comment: 'c',
      TimeoutSeconds: 60,
      States: { S: { Type: 'Succeed' } },
    })
    expect(machine).toEqual({ version: 3, startAt: 'S', timeoutSeconds: 60, payloadBytes: 262144 })
  })

  test('every field of a JSONPath task, and the defaults of a retrier', () => {
    const { states } = read({
      StartAt: 'T',
      States: {
        T: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          InputPath: '$.in',
          Parameters: { 'a.$': '$.a' },
          ResultSelector: { 'b.$': '$.b' },
          ResultPath: '$.r',
          OutputPath: null,
          Assign: { 'v.$': '$.v' },
          TimeoutSecondsPath: '$.t',
          HeartbeatSeconds: 5,
          Retry: [
            {
              ErrorEquals: ['A', 'B'],
              IntervalSeconds: 2,
              MaxAttempts: 0,
              BackoffRate: 1.5,
              MaxDelaySeconds: 9,
              JitterStrategy: 'FULL',
            },
            { ErrorEquals: ['States.ALL'] },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.e', Assign: { w: 1 }, Next: 'F' }],
          Next: 'F',
        },
        F: { Type: 'Fail', ErrorPath: '$.e', CausePath: `States.Format('{}', $.c)` },
      },
    })
    expect(states).toEqual({
      T: {
        kind: 'Task',
        name: 'T',
        at,
        task: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        scope: 'task.exec',
        effect: 'read',
        undo: { by: 'none' },
        token: true,
        flow: {
          language: 'jsonpath',
          inputPath: '$.in',
          parameters: { 'a.$': '$.a' },
          resultSelector: { 'b.$': '$.b' },
          resultPath: '$.r',
          outputPath: null,
          assign: { 'v.$': '$.v' },
        },
        timeoutSeconds: { from: 'path', path: '$.t' },
        heartbeatSeconds: { from: 'literal', value: 5 },
        retry: [
          {
            errorEquals: ['A', 'B'],
            intervalSeconds: 2,
            maxAttempts: 0,
            backoffRate: 1.5,
            maxDelaySeconds: 9,
            jitter: 'FULL',
          },
          { errorEquals: ['States.ALL'], intervalSeconds: 1, maxAttempts: 3, backoffRate: 2, jitter: 'NONE' },
        ],
        catch: [
          {
            errorEquals: ['States.ALL'],
            next: 'F',
            flow: { language: 'jsonpath', resultPath: '$.e', assign: { w: 1 } },
          },
        ],
        next: 'F',
      },
      F: {
        kind: 'Fail',
        name: 'F',
        at,
        flow: { language: 'jsonpath' },
        error: { from: 'path', path: '$.e' },
        cause: { from: 'path', path: `States.Format('{}', $.c)` },
      },
    })
  })

  test('the Parameters of a Map go to its iterations, and Iterator is its processor', () => {
    const { states } = read({
      StartAt: 'M',
      States: {
        M: {
          Type: 'Map',
          ItemsPath: '$.items',
          Parameters: { 'i.$': '$$.Map.Item.Value' },
          ResultPath: '$.r',
          ToleratedFailureCountPath: '$.n',
          Iterator: { StartAt: 'I', States: { I: { Type: 'Wait', TimestampPath: '$.t', End: true } } },
          End: true,
        },
      },
    })
    expect(states.M).toEqual({
      kind: 'Map',
      name: 'M',
      at,
      flow: { language: 'jsonpath', resultPath: '$.r' },
      items: { from: 'path', path: '$.items' },
      selector: { 'i.$': '$$.Map.Item.Value' },
      maxConcurrency: { from: 'literal', value: 0 },
      toleratedFailureCount: { from: 'path', path: '$.n' },
      iterator: {
        version: 3,
        startAt: 'I',
        states: {
          I: { kind: 'Wait', name: 'I', at, flow: { language: 'jsonpath' }, timestamp: { from: 'path', path: '$.t' } },
        },
      },
      retry: [],
      catch: [],
    })
  })

  test('a Choice keeps a JSONPath rule as it is written, with the paths of its state', () => {
    const rule = {
      And: [{ Variable: '$.a', IsPresent: true }, { Not: { Variable: '$.b', StringMatches: 'x*' } }],
      Next: 'S',
    }
    const { states } = read({
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', InputPath: '$.in', OutputPath: '$.out', Choices: [rule], Default: 'S' },
        S: { Type: 'Succeed' },
      },
    })
    const paths = { inputPath: '$.in', outputPath: '$.out' }
    expect(states.C).toEqual({
      kind: 'Choice',
      name: 'C',
      at,
      flow: { language: 'jsonpath', ...paths },
      choices: [{ when: { language: 'jsonpath', rule }, next: 'S', flow: { language: 'jsonpath', ...paths } }],
      default: 'S',
    })
  })

  test('JSONata values are literals or templates, and inner states have the language of the machine', () => {
    const { states } = read({
      StartAt: 'P',
      QueryLanguage: 'JSONata',
      States: {
        P: {
          Type: 'Parallel',
          Arguments: { a: '{% $states.input %}' },
          Output: '{% $states.result %}',
          Branches: [
            {
              StartAt: 'M',
              States: {
                M: {
                  Type: 'Map',
                  Items: [1, '{% 2 %}'],
                  MaxConcurrency: '{% $n %}',
                  ToleratedFailurePercentage: 10,
                  ItemProcessor: {
                    StartAt: 'C',
                    States: {
                      C: {
                        Type: 'Choice',
                        Choices: [{ Condition: '{% $x %}', Next: 'F', Output: 1, Assign: { y: 2 } }],
                        Default: 'F',
                        Output: 3,
                      },
                      F: { Type: 'Fail', Error: '{% $e %}', Cause: 'why' },
                    },
                  },
                  End: true,
                },
              },
            },
          ],
          End: true,
        },
      },
    })
    const parallel = states.P
    const map = parallel?.kind === 'Parallel' ? parallel.branches[0]?.states.M : undefined
    expect(parallel?.flow).toEqual({
      language: 'jsonata',
      arguments: { a: '{% $states.input %}' },
      output: '{% $states.result %}',
    })
    expect(map).toMatchObject({
      items: { from: 'template', value: [1, '{% 2 %}'] },
      maxConcurrency: { from: 'template', value: '{% $n %}' },
      toleratedFailurePercentage: { from: 'literal', value: 10 },
    })
    expect(map?.kind === 'Map' && map.iterator.states).toEqual({
      C: {
        kind: 'Choice',
        name: 'C',
        at,
        flow: { language: 'jsonata', output: 3 },
        choices: [
          {
            when: { language: 'jsonata', condition: '{% $x %}' },
            next: 'F',
            flow: { language: 'jsonata', output: 1, assign: { y: 2 } },
          },
        ],
        default: 'F',
      },
      F: {
        kind: 'Fail',
        name: 'F',
        at,
        flow: { language: 'jsonata' },
        error: { from: 'template', value: '{% $e %}' },
        cause: { from: 'literal', value: 'why' },
      },
    })
  })

  test('extensions say how a task is undone, and which switches a Map goes through', () => {
    const push = { Type: 'Task', Resource: 'own:push' }
    const { states } = read(
      {
        StartAt: 'Waves',
        States: {
          Waves: {
            Type: 'Map',
            Items: 'waves',
            ItemProcessor: {
              StartAt: 'A',
              States: {
                A: { ...push, Undo: 'none', Effect: 'irreversible', Next: 'B' },
                B: { ...push, Undo: { Resource: 'own:close', Arguments: { n: '{% 1 %}' } }, End: true },
              },
            },
            End: true,
          },
        },
      },
      ours,
    )
    const waves = states.Waves
    expect(waves).toMatchObject({ items: { from: 'waves' }, flow: { language: 'jsonata' } })
    expect(waves?.kind === 'Map' && waves.iterator.states).toMatchObject({
      A: { task: 'push', effect: 'irreversible', undo: { by: 'none' } },
      B: { task: 'push', effect: 'write', undo: { by: 'task', task: 'close', arguments: { n: '{% 1 %}' } } },
    })
  })

  test('problems have their places and mends', () => {
    const text = `StartAt: A
States:
  A:
    Type: Task
    Resource: own:pull
    Undo: later
    QueryLanguage: JSONPath
    End: true
`
    const machine = readMachine(located(text), ours)
    expect(machine.ok ? [] : machine.problems.map((one) => [one.at.line, one.message, one.hint])).toEqual([
      [3, `'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine`, undefined],
      [5, 'no task own:pull', 'own:push'],
      [6, 'Value is not one of: [none, rollback], nor a call with Resource and Arguments', undefined],
    ])
  })
})

describe('resourceOf', () => {
  test.each([
    [lambda, { kind: 'lambda', pattern: 'request' }],
    [`${lambda}:7`, { kind: 'lambda', pattern: 'request' }],
    ['arn:aws:states:eu-west-1:123456789012:activity:a', { kind: 'activity', pattern: 'request' }],
    ['arn:aws-cn:states:::lambda:invoke', { kind: 'service', pattern: 'request', service: 'lambda', action: 'invoke' }],
    [
      'arn:aws:states:::states:startExecution.sync:2',
      { kind: 'service', pattern: 'sync', service: 'states', action: 'startExecution' },
    ],
    [
      'arn:aws:states:::aws-sdk:s3:getObject',
      { kind: 'service', pattern: 'request', service: 'aws-sdk', action: 's3:getObject' },
    ],
    [
      'arn:aws:states:::aws-sdk:s3:getObject.waitForTaskToken',
      { kind: 'service', pattern: 'waitForTaskToken', service: 'aws-sdk', action: 's3:getObject' },
    ],
    ['arn:aws:states:::aws-sdk:s3:getObject.sync', undefined],
    ['arn:aws:states:::lambda:invoke.sync', undefined],
    ['arn:aws:states:::constructor:name', undefined],
    ['lambda', undefined],
  ])('%s', (arn, resource) => {
    expect(resourceOf(arn)).toEqual(resource)
  })
})

describe('notRunnable', () => {
  const text = `StartAt: P
States:
  P:
    Type: Parallel
    End: true
    Branches:
      - StartAt: M
        States:
          M:
            Type: Map
            ItemReader: { Resource: "arn:aws:states:::s3:getObject" }
            ItemProcessor:
              ProcessorConfig: { Mode: DISTRIBUTED, ExecutionType: STANDARD }
              StartAt: T
              States:
                T: { Type: Task, Resource: "${lambda}", Credentials: { RoleArn: r }, End: true }
            End: true
`
  const refusals = (answered: boolean) =>
    notRunnable(located(text), answered).map((one) => `${one.at.line}:${one.at.column} ${one.message}`)

  test('names each state and place, tasks too when nobody answers them', () => {
    const always = [
      `13:40 state 'M': a distributed Map is not run; write Mode INLINE`,
      `11:13 state 'M': ItemReader belongs to a distributed Map, which is not run`,
    ]
    expect(refusals(true)).toEqual(always)
    expect(refusals(false)).toEqual([
      ...always,
      `16:44 state 'T': the resource ${lambda} is none of ours; mock its answers`,
      `16:103 state 'T': Credentials name a role of AWS, which eosflow does not assume`,
    ])
  })
})

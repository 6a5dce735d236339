import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { validateLocated } from '../../../src/change/workflow/asl/validate-state-machine.ts'
import { validateStateMachine } from '../../../src/index.ts'
import { readYaml } from '../../../src/text/source/yaml.ts'
import { recordings } from '../../recordings.ts'
import { linesOf } from '../../table.ts'

const pass = { Type: 'Pass', End: true }
const machine = (states: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  StartAt: Object.keys(states)[0],
  States: states,
  ...more,
})
const lambda = 'arn:aws:lambda:eu-central-1:123456789012:function:probe'
const task = (more: Record<string, unknown>) => machine({ T: { Type: 'Task', Resource: lambda, End: true, ...more } })
const choice = (rule: Record<string, unknown>) =>
  machine({ C: { Type: 'Choice', Choices: [{ Next: 'P', ...rule }] }, P: pass })
const mapState = (more: Record<string, unknown>, inner: string): object => ({
  Type: 'Map',
  ItemProcessor: machine({ [inner]: pass }),
  ...more,
})
const map = (more: Record<string, unknown>, config: Record<string, unknown> = { Mode: 'INLINE' }) =>
  machine({
    M: {
      Type: 'Map',
      End: true,
      ItemProcessor: { ProcessorConfig: config, ...(machine({ I: pass }) as object) },
      ...more,
    },
  })
const problemsOf = (definition: unknown, type: 'STANDARD' | 'EXPRESS' = 'STANDARD') =>
  validateStateMachine(definition, { type }).problems.map(({ path, message }) => `${path}: ${message}`)

describe('validateStateMachine', () => {
  test.each([
    ['text is no definition', 'not a definition', '/: Expected value of type Object'],
    ['nor is null', null, '/: Expected value of type Object'],
    ['nor is a list', [], '/: Expected value of type Object'],
    ['an empty object', {}, '/: These fields are required: [StartAt, States]'],
    ['a machine without a start', { States: { P: pass } }, '/: These fields are required: [StartAt]'],
    [
      'a dangling transition and what it leaves unreached',
      machine({ A: { Type: 'Pass', Next: 'C' }, B: pass }),
      `
          /States/A/Next: Missing 'Next' target: C
          /States/B: State "B" is not reachable.
        `,
    ],
    [
      'a start that is not there',
      { StartAt: 'Z', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } } },
      `
          /StartAt: Missing 'Next' target: Z
          /States/A: State "A" is not reachable.
        `,
    ],
    [
      'a loop without an end silences what is unreachable',
      machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' }, C: { Type: 'Pass', Next: 'A' } }),
      '/: Workflow has no terminal state',
    ],
    [
      'a dangling transition and no end',
      machine({ A: { Type: 'Pass', Next: 'NOPE' } }),
      `
          /States/A/Next: Missing 'Next' target: NOPE
          /: Workflow has no terminal state
        `,
    ],
    [
      'every place that names a state',
      machine({
        C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'X' }], Default: 'Y' },
        T: { Type: 'Task', Resource: lambda, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }], End: true },
      }),
      `
          /States/C/Default: Missing 'Next' target: Y
          /States/C/Choices[0]/Next: Missing 'Next' target: X
          /States/T/Catch[0]/Next: Missing 'Next' target: Z
          /States/T: State "T" is not reachable.
        `,
    ],
    [
      'a transition into a branch',
      machine({
        A: { Type: 'Parallel', Branches: [machine({ Inner: pass })], Next: 'Inner' },
        B: pass,
      }),
      `
          /States/A/Next: Missing 'Next' target: Inner
          /States/B: State "B" is not reachable.
        `,
    ],
    [
      'a name twice in the whole machine',
      machine({ A: { Type: 'Parallel', Branches: [machine({ A: pass })], End: true } }),
      `/States/A/Branches[0]/States/A: State name 'A' appears more than once`,
    ],
    [
      'a name that is too long',
      machine({ ['n'.repeat(81)]: pass }),
      `/States/${'n'.repeat(81)}: A state name has at most 80 characters`,
    ],
    [
      'an unknown type',
      machine({ A: { Type: 'Jump', End: true } }),
      '/States/A/Type: Value is not one of: [Task, Parallel, Map, Pass, Wait, Choice, Succeed, Fail]',
    ],
    [
      'neither Next nor End',
      machine({ A: { Type: 'Pass' }, B: { Type: 'Succeed' } }),
      `
          /States/A: One of these fields is required: [Next, End]
          /States/B: State "B" is not reachable.
        `,
    ],
    [
      'Next and End',
      machine({ A: { Type: 'Pass', Next: 'B', End: true }, B: pass }),
      '/States/A: There should only be one of the following fields: [Next, End]',
    ],
    [
      'a field of another type of state',
      machine({ A: { ...pass, Catch: [] } }),
      `/States/A: Field 'Catch' is not supported`,
    ],
    ['a time-out on a Map', map({ TimeoutSeconds: 5 }), `/States/M: Field 'TimeoutSeconds' is not supported`],
    ['a field that nothing has', machine({ A: pass }, { Owner: 'noc' }), `/: Field 'Owner' is not supported`],
    ['an extension of ours', task({ Undo: 'none' }), `/States/T: Field 'Undo' is not supported`],
    [
      'JSONata in a JSONPath state',
      machine({ A: { ...pass, Output: 1 } }),
      `/States/A: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage`,
    ],
    [
      'JSONPath in a JSONata machine',
      machine({ A: { ...pass, Parameters: {} } }, { QueryLanguage: 'JSONata' }),
      `/States/A: The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the 'JSONPath' QueryLanguage`,
    ],
    [
      'a JSONPath state in a JSONata machine',
      machine({ A: { ...pass, QueryLanguage: 'JSONPath' } }, { QueryLanguage: 'JSONata' }),
      `/States/A: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine`,
    ],
    [
      'a query language of an inner machine',
      machine({ A: { Type: 'Parallel', End: true, Branches: [machine({ I: pass }, { QueryLanguage: 'JSONata' })] } }),
      `/States/A/Branches[0]: Field 'QueryLanguage' is not supported`,
    ],
    [
      'a task without a resource',
      machine({ T: { Type: 'Task', End: true } }),
      '/States/T: These fields are required: [Resource]',
    ],
    [
      'an action that is no integration',
      task({ Resource: 'arn:aws:states:::dynamodb:query' }),
      '/States/T/Resource: The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.',
    ],
    [
      'a job where there is none',
      task({ Resource: 'arn:aws:states:::sqs:sendMessage.sync' }),
      '/States/T/Resource: The resource provided arn:aws:states:::sqs:sendMessage.sync is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.',
    ],
    [
      'credentials without a role',
      task({ Credentials: {} }),
      `/States/T/Credentials: The field 'RoleArn' is required but was missing`,
    ],
    [
      'a heartbeat that is no shorter',
      task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
      '/States/T/HeartbeatSeconds: HeartbeatSeconds must be smaller than TimeoutSeconds',
    ],
    ['a time-out of nothing', task({ TimeoutSeconds: 0 }), '/States/T/TimeoutSeconds: Minimum value is 1'],
    [
      'a time-out that is no number',
      task({ TimeoutSeconds: '5' }),
      '/States/T/TimeoutSeconds: Expected value of type Integer',
    ],
    [
      'a time-out and its path',
      task({ TimeoutSeconds: 5, TimeoutSecondsPath: '$.t' }),
      '/States/T: There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath]',
    ],
    [
      'a retrier that is wrong all over',
      task({
        Retry: [
          {
            ErrorEquals: [],
            IntervalSeconds: 5,
            MaxAttempts: -1,
            BackoffRate: 0.5,
            MaxDelaySeconds: 5,
            JitterStrategy: 'SOME',
          },
        ],
      }),
      `
          /States/T/Retry[0]/MaxDelaySeconds: MaxDelaySeconds must be greater than IntervalSeconds
          /States/T/Retry[0]/ErrorEquals: Expected a list of at least one String
          /States/T/Retry[0]/MaxAttempts: Minimum value is 0
          /States/T/Retry[0]/BackoffRate: Minimum value is 1
          /States/T/Retry[0]/JitterStrategy: Value is not one of: [FULL, NONE]
        `,
    ],
    [
      'States.ALL that is not last',
      task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['Boom'] }] }),
      '/States/T/Retry[0]/ErrorEquals: States.ALL must appear alone and in the last element',
    ],
    [
      'States.ALL that is not alone',
      task({ Retry: [{ ErrorEquals: ['Boom', 'States.ALL'] }] }),
      '/States/T/Retry[0]/ErrorEquals: States.ALL must appear alone and in the last element',
    ],
    [
      'a wait for nothing',
      machine({ W: { Type: 'Wait', End: true } }),
      '/States/W: One of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath]',
    ],
    [
      'a wait in two ways',
      machine({ W: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-05T08:00:00Z', End: true } }),
      '/States/W: There should only be one of the following fields: [Seconds, SecondsPath, Timestamp, TimestampPath]',
    ],
    [
      'a timestamp with a blank',
      machine({ W: { Type: 'Wait', Timestamp: '2026-01-05 08:00:00Z', End: true } }),
      '/States/W/Timestamp: String does not match RFC3339 timestamp',
    ],
    [
      'a choice of nothing',
      machine({ C: { Type: 'Choice', Choices: [], Default: 'P' }, P: pass }),
      '/States/C/Choices: Minimum number of items is 1',
    ],
    [
      'a rule without a test',
      choice({}),
      `
          /States/C/Choices[0]: A rule has exactly one comparison operator
          /States/C/Choices[0]/Variable: A rule has a Variable, which is a path
        `,
    ],
    [
      'a rule with two tests',
      choice({ Variable: '$.a', IsNull: true, IsPresent: true }),
      '/States/C/Choices[0]: A rule has exactly one comparison operator',
    ],
    [
      'an operand of another type',
      choice({ Variable: '$.a', NumericEquals: '1' }),
      '/States/C/Choices[0]/NumericEquals: NumericEquals takes a number',
    ],
    [
      'an operand that is no timestamp',
      choice({ Variable: '$.a', TimestampEquals: 'noon' }),
      '/States/C/Choices[0]/TimestampEquals: TimestampEquals takes an RFC 3339 timestamp',
    ],
    [
      'a transition inside a test',
      choice({ And: [{ Variable: '$.a', IsNull: true, Next: 'P' }] }),
      `
          /States/C/Choices[0]/And[0]: A rule has exactly one comparison operator
          /States/C/Choices[0]/And[0]/Next: Field 'Next' is not supported
        `,
    ],
    [
      'a combination of nothing',
      choice({ Or: [] }),
      '/States/C/Choices[0]/Or: Or takes a list of rules that is not empty',
    ],
    [
      'paths that cannot be read',
      task({
        InputPath: 'in',
        ResultPath: '$.a[*]',
        OutputPath: '$.',
        Parameters: { 'a.$': 'x', 'b.$': 'States.Nope()' },
      }),
      `
          /States/T/InputPath: Value must be a valid JSONPath: a path starts with '$', found 'i' at position 0
          /States/T/Parameters/a.$: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call
          /States/T/Parameters/b.$: The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call
          /States/T/ResultPath: Value is not a Reference Path: a reference path names exactly one place
          /States/T/OutputPath: Value must be a valid JSONPath: expected the name of a member, found the end at position 2
        `,
    ],
    [
      'expressions that AWS refuses',
      machine(
        {
          T: {
            Type: 'Task',
            Resource: lambda,
            Arguments: { a: '{% 1 + %}' },
            Output: { b: ['{% phone %}'] },
            Catch: [{ ErrorEquals: ['E'], Output: '{% $states.result %}', Next: 'T' }],
            End: true,
          },
        },
        { QueryLanguage: 'JSONata' },
      ),
      `
          /States/T/Arguments/a: Unexpected end of expression
          /States/T/Output/b[0]: Reference to 'phone' at the top level is not supported.
          /States/T/Catch[0]/Output: Field '$states.result' does not exist.
        `,
    ],
    [
      'a number from the context object',
      map({ MaxConcurrencyPath: '$$.Execution.Input.n', ItemsPath: '$$.Execution.Input.items' }),
      '/States/M/MaxConcurrencyPath: Value is not a Reference Path: $$.Execution.Input.n',
    ],
    [
      'a reserved variable',
      machine({ A: { ...pass, Assign: { states: 1 } } }),
      `/States/A/Assign: Variable name 'states' is reserved`,
    ],
    [
      'a variable with a dash',
      machine({ A: { ...pass, Assign: { 'a-b': 1 } } }),
      `/States/A/Assign: Variable name 'a-b' is not a Unicode identifier of at most 80 characters`,
    ],
    ['a label that is too long', map({ Label: 'l'.repeat(41) }), '/States/M/Label: Label must have 1 to 40 characters'],
    [
      'a label twice',
      machine({
        A: { ...mapState({ Label: 'all' }, 'I'), Next: 'B' },
        B: { ...mapState({ Label: 'all' }, 'J'), End: true },
      }),
      `/States/B/Label: Label 'all' appears more than once`,
    ],
    ['a label with a bracket', map({ Label: 'l[' }), `/States/M/Label: Label contains invalid character: '['`],
    [
      'two processors',
      map({ Iterator: machine({ J: pass }) }),
      '/States/M: There should only be one of the following fields: [ItemProcessor, Iterator]',
    ],
    [
      'no processor',
      machine({ M: { Type: 'Map', End: true } }),
      '/States/M: One of these fields is required: [ItemProcessor, Iterator]',
    ],
    ['less than no concurrency', map({ MaxConcurrency: -1 }), '/States/M/MaxConcurrency: Minimum value is 0'],
    [
      'more than all of them',
      map({ ToleratedFailurePercentage: 101 }),
      '/States/M/ToleratedFailurePercentage: Maximum value is 100',
    ],
    [
      'a distributed Map without a type',
      map({}, { Mode: 'DISTRIBUTED' }),
      '/States/M/ItemProcessor/ProcessorConfig: These fields are required: [ExecutionType]',
    ],
    [
      'an error and its path',
      machine({ F: { Type: 'Fail', Error: 'E', ErrorPath: '$.e' } }),
      '/States/F: There should only be one of the following fields: [Error, ErrorPath]',
    ],
  ])('refuses %s', (_, definition, problems) => {
    expect(problemsOf(definition)).toEqual(linesOf(problems))
    expect(validateStateMachine(definition).valid).toBe(false)
  })

  test.each([
    ['one Pass', machine({ A: pass })],
    [
      'a cycle that is left',
      machine({
        A: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'B' }], Default: 'Z' },
        B: { Type: 'Pass', Next: 'A' },
        Z: { Type: 'Succeed' },
      }),
    ],
    ['Next beside `End: false`', machine({ A: { Type: 'Pass', Next: 'B', End: false }, B: pass })],
    ['no retriers and no catchers', task({ Retry: [], Catch: [] })],
    ['a comment everywhere', task({ Comment: 'c', Retry: [{ ErrorEquals: ['E'], Comment: 'c' }] })],
    ['a wait of no time', machine({ W: { Type: 'Wait', Seconds: 0, End: true } })],
    [
      'a timestamp to the nanosecond',
      machine({ W: { Type: 'Wait', Timestamp: '2024-12-05T21:29:29.243167252Z', End: true } }),
    ],
    ['any value as a result', machine({ A: { ...pass, Result: { 'x.$': 'no path' } } })],
    ['null paths', machine({ A: { ...pass, InputPath: null, ResultPath: null, OutputPath: null } })],
    ['a Fail that says nothing', machine({ F: { Type: 'Fail' } })],
    ['tolerated failures of an inline Map', map({ ToleratedFailurePercentage: 0.5 })],
    ['a distributed Map', map({ Label: 'all' }, { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' })],
    ['a JSONata state in a JSONPath machine', machine({ A: { ...pass, QueryLanguage: 'JSONata', Output: '{% 1 %}' } })],
    [
      'a JSONata condition that is a constant',
      machine({ C: { Type: 'Choice', QueryLanguage: 'JSONata', Choices: [{ Condition: true, Next: 'P' }] }, P: pass }),
    ],
    ['an activity', task({ Resource: 'arn:aws:states:eu-central-1:123456789012:activity:approve' })],
    ['any action of the SDK', task({ Resource: 'arn:aws:states:::aws-sdk:ec2:describeVpcs' })],
    ['a job', task({ Resource: 'arn:aws:states:::states:startExecution.sync:2' })],
    [
      'expressions that fail only when they are evaluated',
      machine({ A: { ...pass, QueryLanguage: 'JSONata', Output: '{% $unknown($nowhere) & $eval("1") %}' } }),
    ],
    [
      'what the work gave and what a catcher got',
      machine({
        T: {
          Type: 'Task',
          QueryLanguage: 'JSONata',
          Resource: lambda,
          Output: '{% $states.result %}',
          Catch: [{ ErrorEquals: ['E'], Assign: { e: '{% $states.errorOutput.Error %}' }, Next: 'S' }],
          Next: 'S',
        },
        S: { Type: 'Succeed' },
      }),
    ],
  ])('takes %s', (_, definition) => {
    expect(problemsOf(definition)).toEqual([])
  })

  test.each([
    [
      'a token',
      task({ Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' }),
      [`/States/T/Resource: Express state machine does not support '.waitForTaskToken' service integration`],
    ],
    [
      'a job',
      task({ Resource: 'arn:aws:states:::batch:submitJob.sync' }),
      [`/States/T/Resource: Express state machine does not support '.sync' service integration`],
    ],
    [
      'an activity',
      task({ Resource: 'arn:aws:states:eu-central-1:123456789012:activity:approve' }),
      ['/States/T/Resource: Express state machine does not support Activity ARN'],
    ],
    [
      'a distributed Map',
      map({}, { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }),
      ['/States/M/ItemProcessor/ProcessorConfig/Mode: Express state machine does not support Distributed Map'],
    ],
    ['nothing else', task({}), []],
  ])('EXPRESS refuses %s', (_, definition, problems) => {
    expect(problemsOf(definition, 'EXPRESS')).toEqual(problems)
  })

  test('what was read from a file has its line and column', () => {
    const read = readYaml(
      'StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n  B: { Type: Succeed, Retry: [] }\n',
      'm.yaml',
    )
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    expect(validateLocated(read.value)).toEqual({
      valid: false,
      problems: [{ message: `Field 'Retry' is not supported`, path: '/States/B', line: 6, column: 3 }],
    })
  })
})

const shared = fileURLToPath(recordings('asl-cases/'))

describe.skipIf(!existsSync(shared))('[G39] definitions recorded from AWS (absent: ../shared/asl-cases)', () => {
  interface Recorded {
    readonly kind: string
    readonly name: string
    readonly workflowType: 'STANDARD' | 'EXPRESS'
    readonly definition: unknown
    readonly expected: {
      readonly valid?: boolean
      readonly diagnostics?: readonly { location: string; message: string }[]
    }
  }
  const cases = existsSync(shared)
    ? readdirSync(shared)
        .filter((file) => file.endsWith('.json') && file !== 'INDEX.json')
        .flatMap((file): Recorded[] => JSON.parse(readFileSync(shared + file, 'utf8')))
    : []

  test('are judged as AWS judged them', () => {
    const judged = cases.filter(({ kind }) => kind === 'validation')
    const wrong = judged.filter(
      ({ definition, workflowType: type, expected }) =>
        validateStateMachine(definition, { type }).valid !== expected.valid,
    )
    expect([judged.length, wrong.map(({ name }) => name)]).toEqual([22, []])
  })

  test('are all valid where AWS has run them', () => {
    const run = cases.filter(({ kind }) => kind === 'execution')
    const refused = run.flatMap(({ name, definition, workflowType: type }) =>
      validateStateMachine(definition, { type }).problems.map((problem) => ({ name, ...problem })),
    )
    expect([run.length, refused]).toEqual([491, []])
  })

  test('are refused in the words and at the place of AWS', () => {
    const diagnosed = cases.flatMap(({ kind, definition, workflowType: type, expected: { diagnostics } }) =>
      kind === 'validation' && typeof definition === 'object' && diagnostics !== undefined && diagnostics.length > 0
        ? [
            {
              ours: problemsOf(definition, type),
              aws: diagnostics.map(({ location, message }) => `${location}: ${message.trim()}`),
            },
          ]
        : [],
    )
    expect(diagnosed.length).toBe(4)
    for (const { ours, aws } of diagnosed) expect(ours).toEqual(aws)
  })
})

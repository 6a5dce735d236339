import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, inProcess, temporaryFolder, warns } from '../../lab/lab.ts'

const page = readFileSync(new URL('../../../docs/states.md', import.meta.url), 'utf8')

/** The named files that the page shows. */
const shown = [...page.matchAll(/^```yaml (\S+)\n([\s\S]*?)^```/gm)].map(([, name = '', text = '']) => ({ name, text }))

/** A folder with the page's files and these. */
function folder(files: Readonly<Record<string, string>> = {}) {
  const dir = temporaryFolder()
  for (const { name, text } of shown) writeFileSync(join(dir, name), text)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  return dir
}

const EXAMPLE = ['states', 'run', 'order.asl.yaml', '--input', 'input.yaml', '--mock', 'mocks.yaml']
const WAITS = '{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true}}}'

describe('states run', () => {
  test('runs the example of the page, and ends as it says', async () => {
    expect(shown.map(({ name }) => name)).toEqual(['order.asl.yaml', 'input.yaml', 'mocks.yaml'])
    const { code, stdout, stderr } = await inProcess(EXAMPLE, folder())
    const lines = stdout.split('\n')
    expect([code, stderr]).toEqual([0, ''])
    expect(lines[0]).toBe(' 1   +0s  ExecutionStarted         {"item":"sfp-10g-lr"}')
    expect(lines[25]).toBe('26  +32s  ExecutionSucceeded       {"left":3}')
    const [end = ''] = [...page.matchAll(/^```text\n([\s\S]*?)^```/gm)].map(([, text]) => text)
    expect(stdout).toContain(`\n\n${end}Next: eosflow ${EXAMPLE.join(' ')} --json\n`)
  })

  test('as JSON: the end and the history', async () => {
    const { code, stdout } = await inProcess([...EXAMPLE, '--json'], folder())
    const { status, output, history, ...others } = JSON.parse(stdout) as { history: { type: string }[] } & Record<
      string,
      unknown
    >
    expect([code, status, output, others]).toEqual([0, 'SUCCEEDED', { left: 3 }, {}])
    expect(history).toHaveLength(26)
    expect(history.map(({ type }) => type).filter((type) => type.startsWith('Lambda'))).toEqual([
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionFailed',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
    ])
  })

  test.each<[string, string, number, string]>([
    ['a machine that fails', '{ T: [{ error: Gone, cause: why }] }', 6, 'FAILED Gone why'],
    [
      'a mock that holds no answer',
      '{ T: [] }',
      6,
      `FAILED eosflow.bug state 'T': the mocks hold no answer for attempt 1`,
    ],
    [
      'an answer that never comes',
      '{ T: [{ never: true }] }',
      12,
      'ABORTED eosflow.cancelled stopped before it was done',
    ],
  ])('%s', async (_, mocks, exit, end) => {
    const dir = folder({ 'm.json': WAITS, 'm.yaml': mocks })
    const { code, stdout } = await inProcess('states run m.json --mock m.yaml --json', dir)
    const { status, error, cause } = JSON.parse(stdout) as Record<string, string>
    expect([code, `${status} ${error} ${cause}`]).toEqual([exit, end])
  })

  test.each<[string, readonly string[], string]>([
    [
      'tasks that nobody answers',
      ['m.json'],
      "m.json:1:56: state 'T': the resource arn:aws:states:::lambda:invoke is none of ours; mock its answers",
    ],
    ['a definition that is not valid', ['bad.json'], "bad.json:1:12: Missing 'Next' target: A"],
    ['a mock of another shape', ['m.json', '--mock', 'odd.yaml'], 'odd.yaml:1:14: `T[0].error` must be'],
    ['another type', ['m.json', '--type', 'FAST'], '--type FAST: there is no workflow type `FAST`'],
    ['a file that is not there', ['gone.json'], 'gone.json:1:1: there is no such file'],
  ])('refuses %s with its place, and exits 3', async (_, args, said) => {
    const dir = folder({
      'm.json': WAITS,
      'bad.json': '{"StartAt":"A","States":{}}',
      'odd.yaml': 'T: [{ error: 3 }]\n',
    })
    const { stdout } = await warns(3, inProcess(['states run', ...args], dir), said)
    expect(stdout).toBe('')
  })

  test('warns of mocks for what is no task', async () => {
    const { stderr } = await exits(
      0,
      inProcess(
        'states run m.json --mock m.yaml',
        folder({ 'm.json': WAITS, 'm.yaml': '{ T: [{ output: 1 }], S: [] }' }),
      ),
    )
    expect(stderr).toBe("! the mocks answer 'S', which is no Task state: did you mean `T`?\n")
  })
})

describe('states validate', () => {
  test('counts what is valid, and says what comes next', async () => {
    const { stdout } = await exits(0, inProcess('states validate order.asl.yaml', folder()))
    expect(stdout).toBe(`✔ order.asl.yaml  7 states, 2 tasks
Valid: 1 state machine, 7 states, 0 problems, 0 not run here
Next: eosflow states run order.asl.yaml --input input.json --mock mocks.json
`)
  })

  test('tells every problem at once', async () => {
    const text = 'StartAt: A\nStates:\n  A: { Type: Pass }\n  B: { Type: Wait, End: true }\n'
    const { stderr } = await exits(3, inProcess('states validate m.yaml', folder({ 'm.yaml': text })))
    expect(stderr).toBe(`✖ m.yaml:3:3: One of these fields is required: [Next, End]
✖ m.yaml:4:3: One of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath]
✖ m.yaml:4:3: State "B" is not reachable.
3 problems: nothing was contacted.
`)
  })

  test('as JSON: the verdict, with places and what is not run here', async () => {
    const text = `StartAt: M
States:
  M:
    Type: Map
    ItemProcessor:
      ProcessorConfig: { Mode: DISTRIBUTED, ExecutionType: STANDARD }
      StartAt: P
      States: { P: { Type: Pass, End: true } }
    End: true
`
    const dir = folder({ 'good.yaml': text, 'bad.yaml': text.replace('StartAt: P', 'StartAt: Q') })
    const verdictOf = async (file: string) => {
      const { code, stdout } = await inProcess(['states validate', file, '--json'], dir)
      return [code, JSON.parse(stdout)]
    }
    const notRunnable = (file: string) => [
      {
        code: 'not-runnable',
        message: `state 'M': a distributed Map is not run; write Mode INLINE`,
        at: { file, line: 6, column: 32 },
        hint: 'see docs/states.md for what eosflow runs',
      },
    ]
    const head = { version: 1, kind: 'states-validation' }
    expect(await verdictOf('good.yaml')).toEqual([
      0,
      { ...head, valid: true, problems: [], notRunnable: notRunnable('good.yaml') },
    ])
    expect(await verdictOf('bad.yaml')).toEqual([
      3,
      {
        ...head,
        valid: false,
        problems: [
          { message: `Missing 'Next' target: Q`, path: '/States/M/ItemProcessor/StartAt', line: 7, column: 16 },
          { message: 'State "P" is not reachable.', path: '/States/M/ItemProcessor/States/P', line: 8, column: 17 },
        ],
        notRunnable: notRunnable('bad.yaml'),
      },
    ])
  })
})

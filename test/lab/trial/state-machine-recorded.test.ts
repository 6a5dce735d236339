import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type HistoryEvent, type Mocks, runStateMachine, type StateMachineResult } from '../../../src/testing.ts'
import { recordings } from '../../recordings.ts'

/** Stands for what differs from recording to recording: `<uuid:1>`. */
const PLACEHOLDER = /<+[A-Za-z_][\w \-:.>]*?>/g

/**
 * Where a value differs from a recorded one; undefined when it does not. The recordings hold text that is JSON as the
 * value it says, and placeholders for ids, dates and names.
 */
function differenceFrom(recorded: unknown, actual: unknown): string | undefined {
  return compare(normal(recorded), normal(actual), '$')
}

function normal(value: unknown): unknown {
  if (typeof value === 'string') return asJson(value)
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, normal(member)]))
}

function asJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text
  try {
    return normal(JSON.parse(text))
  } catch {
    return text
  }
}

function compare(recorded: unknown, actual: unknown, path: string): string | undefined {
  const differs = `${path}: ${JSON.stringify(actual)}, recorded ${JSON.stringify(recorded)}`
  if (typeof recorded === 'string') {
    return typeof actual === 'string' && matches(recorded, actual) ? undefined : differs
  }
  if (typeof recorded !== 'object' || recorded === null) return recorded === actual ? undefined : differs
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual) !== Array.isArray(recorded)) return differs
  const [keys, others] = [Object.keys(recorded).sort(), Object.keys(actual).sort()]
  if (keys.join() !== others.join()) return differs
  for (const key of keys) {
    const inner = compare(recorded[key as never], actual[key as never], `${path}.${key}`)
    if (inner !== undefined) return inner
  }
  return undefined
}

function matches(recorded: string, actual: string): boolean {
  if (recorded === actual) return true
  const parts = recorded.split(PLACEHOLDER).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return parts.length > 1 && new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(actual)
}

const shared = fileURLToPath(recordings('asl-cases/'))

interface Recorded {
  readonly name: string
  readonly kind: string
  readonly tier: string
  readonly workflowType: 'STANDARD' | 'EXPRESS'
  readonly definition: unknown
  readonly input: unknown
  readonly clock?: string
  readonly taskMocks?: Mocks
  readonly nondeterministic?: boolean
  readonly expected: {
    readonly status: string
    readonly output?: unknown
    readonly error?: string
    readonly cause?: string
    readonly eventTypes?: readonly string[]
    readonly stateExits?: readonly unknown[]
    readonly evaluationFailed?: readonly unknown[]
  }
}

const cases = existsSync(shared)
  ? readdirSync(shared)
      .filter((file) => file.endsWith('.json') && file !== 'INDEX.json')
      .flatMap((file): Recorded[] => JSON.parse(readFileSync(shared + file, 'utf8')))
      .filter(({ kind }) => kind === 'execution')
  : []

const run = ({ definition, input, clock, taskMocks = {}, workflowType: type }: Recorded): Promise<StateMachineResult> =>
  runStateMachine({ definition, input, mocks: taskMocks, type, ...(clock === undefined ? {} : { now: clock }) })

/** The rules of the recordings' own runner: the end, then the types of the events. */
function difference({ expected, nondeterministic = false }: Recorded, result: StateMachineResult): string | undefined {
  if (result.status !== expected.status) return `status ${result.status}, not ${expected.status}: ${result.cause}`
  if (result.status !== 'SUCCEEDED') {
    if (result.error !== expected.error) return `error ${result.error}, not ${expected.error}`
    const cause = differenceFrom(expected.cause ?? null, result.cause ?? null)
    if (cause !== undefined) return `cause ${cause}`
  } else if (!nondeterministic) {
    const output = differenceFrom(expected.output, result.output)
    if (output !== undefined) return `output ${output}`
  }
  return eventDifference(expected, result.history) ?? (nondeterministic ? undefined : exitDifference(expected, result))
}

const isBranching = (types: readonly string[]): boolean => types.some((type) => /^(Map|Parallel)/.test(type))

/** In a Map or Parallel the order is AWS's own. */
function eventDifference({ eventTypes }: Recorded['expected'], history: readonly HistoryEvent[]): string | undefined {
  if (eventTypes === undefined) return undefined
  const types = history.map(({ type }) => type)
  const told = (some: readonly string[]): string => (isBranching(eventTypes) ? some.toSorted() : some).join(' ')
  return told(types) === told(eventTypes) ? undefined : `events ${types.join(' ')}, not ${eventTypes.join(' ')}`
}

function exitDifference(expected: Recorded['expected'], { history }: StateMachineResult): string | undefined {
  const details = (key: `${string}EventDetails`): Record<string, unknown>[] =>
    history.flatMap((event) => (event[key] === undefined ? [] : [{ ...event[key] }]))
  const exits = details('stateExitedEventDetails').map(({ name, output, assignedVariables }) => ({
    state: name,
    output: JSON.parse(String(output)),
    ...(assignedVariables === undefined ? {} : { assignedVariables: parsed(assignedVariables as object) }),
  }))
  const { stateExits, eventTypes = [], evaluationFailed } = expected
  const exit = stateExits === undefined || isBranching(eventTypes) ? undefined : differenceFrom(stateExits, exits)
  if (exit !== undefined) return `state exits ${exit}`
  const failed = evaluationFailed && differenceFrom(evaluationFailed, details('evaluationFailedEventDetails'))
  return failed === undefined ? undefined : `evaluation ${failed}`
}

const parsed = (texts: object): object =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, JSON.parse(String(text))]))

/** What tasks were given, as their histories say it, in order. */
const inputsIn = (history: readonly HistoryEvent[]): readonly unknown[] =>
  history.flatMap(({ taskScheduledEventDetails: task, lambdaFunctionScheduledEventDetails: lambda }) => {
    const given = task?.parameters ?? lambda?.input
    return given === undefined ? [] : [JSON.parse(String(given))]
  })

describe.skipIf(!existsSync(shared))('[G39] executions recorded from AWS (absent: ../shared/asl-cases)', () => {
  test.each([
    ['core', 108],
    ['jsonpath', 370],
  ])('%s: all %i end as they did, with the same events', { tags: 'long' }, async (tier, count) => {
    const some = cases.filter((one) => one.tier === tier)
    const misses: string[] = []
    for (const one of some) {
      const why = difference(one, await run(one))
      if (why !== undefined) misses.push(`${one.name}: ${why}`)
    }
    expect(misses).toEqual([])
    expect(some).toHaveLength(count)
  })

  test('tasks are given what they were given', async () => {
    const single = cases.filter(
      ({ tier, taskMocks = {} }) => tier !== 'aws' && Object.values(taskMocks).flat().length === 1,
    )
    const misses: string[] = []
    for (const one of single) {
      const [given] = inputsIn((await run(one)).history)
      const [mock] = Object.values(one.taskMocks ?? {}).flat()
      const why = differenceFrom(mock?.input, given)
      if (why !== undefined) misses.push(`${one.name}: ${why}`)
    }
    expect(misses).toEqual([])
    expect(single.length).toBeGreaterThan(50)
  })

  test('distributed Maps are refused by name, before anything runs', async () => {
    const refused = cases.filter(({ tier }) => tier === 'aws')
    const said = await Promise.all(refused.map((one) => run(one).then(String, ({ message }: Error) => message)))
    expect(said).toHaveLength(13)
    for (const message of said) expect(message).toMatch(/^state '\w+': a distributed Map is not run/)
  })

  test('the comparison sees an event too many, another order and another value', async () => {
    const [one] = cases.filter(({ expected }) => expected.eventTypes?.length === 4 && expected.status === 'SUCCEEDED')
    if (one === undefined) throw new Error('no such case')
    const result = await run(one)
    expect(difference(one, result)).toBeUndefined()
    expect(difference(one, { ...result, history: result.history.slice(1) })).toMatch(/^events/)
    expect(difference(one, { ...result, history: result.history.toReversed() })).toMatch(/^events/)
    expect(difference(one, { ...result, output: 'another' })).toMatch(/^output/)
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Flow } from '../../../../src/change/workflow/machine/machine.ts'
import {
  jsonpathLanguage,
  pathProblems,
  type QueryProblem,
  ruleProblems,
  templateProblems,
} from '../../../../src/change/workflow/query/jsonpath/language.ts'
import { type ExpressionScope, QueryFault } from '../../../../src/change/workflow/query/language/language.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../../src/model/json.ts'
import { asJson } from '../../../lab/part-of.ts'
import { recordings } from '../../../recordings.ts'

const folder = fileURLToPath(recordings('asl-cases/'))

interface State extends JsonObject {
  readonly Type: string
}

interface Case {
  readonly name: string
  readonly tier: string
  readonly clock?: string
  readonly input: Json
  readonly nondeterministic?: boolean
  readonly definition: { readonly StartAt: string; readonly States: Readonly<Record<string, State>> }
  readonly expected: JsonObject & { readonly stateExits?: readonly JsonObject[] }
}

/** The states that a query language decides alone; the others have work to do. */
const ALONE = new Set(['Pass', 'Choice', 'Wait', 'Succeed', 'Fail'])

const executions = (): Case[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as Case[])
    .filter(({ tier }) => tier === 'jsonpath')

const isAlone = ({ definition }: Case) => Object.values(definition.States).every(({ Type }) => ALONE.has(Type))

const field = (state: JsonObject, name: string, as: string): JsonObject => {
  const value = state[name]
  return value === undefined ? {} : { [as]: value }
}

const flowOf = (state: JsonObject): Flow =>
  ({
    language: 'jsonpath',
    ...field(state, 'InputPath', 'inputPath'),
    ...field(state, 'Parameters', 'parameters'),
    ...field(state, 'Result', 'result'),
    ...field(state, 'ResultPath', 'resultPath'),
    ...field(state, 'OutputPath', 'outputPath'),
    ...field(state, 'Assign', 'assign'),
  }) as Flow

const sightOf = (recording: Case, input: Json, variables: JsonObject, name: string): ExpressionScope => ({
  input,
  context: {
    Execution: {
      Id: 'id',
      Input: recording.input,
      Name: 'name',
      RoleArn: 'arn',
      StartTime: '2026-11-20T06:47:51.000Z',
    },
    StateMachine: { Id: 'id', Name: 'word' },
    State: { Name: name, EnteredTime: '2026-11-20T06:47:51.000Z' },
  },
  variables,
  now: Date.parse(recording.clock ?? '2026-11-20T06:47:51Z'),
  random: { hex: (count) => '5'.repeat(count * 2), fraction: () => 0.5 },
})

interface Step {
  readonly output: Json
  readonly assigned: JsonObject
  readonly next?: string
  readonly failed?: { readonly error?: Json; readonly cause?: Json }
}

async function choose(state: State, sight: ExpressionScope, effective: Json) {
  for (const [index, rule] of (state.Choices as JsonObject[]).entries()) {
    if (await jsonpathLanguage.holds({ language: 'jsonpath', rule }, index, sight, effective)) return String(rule.Next)
  }
  return String(state.Default)
}

async function step(state: State, sight: ExpressionScope): Promise<Step> {
  const begun = await jsonpathLanguage.begin(flowOf(state), sight)
  const read = async (name: string, want: 'string' | 'seconds' | 'timestamp'): Promise<Json | undefined> => {
    const path = state[name]
    if (typeof path !== 'string') return undefined
    return jsonpathLanguage.read({ from: 'path', path }, name, want, sight, begun.effective)
  }
  const next = state.Type === 'Choice' ? await choose(state, sight, begun.effective) : state.Next
  await read('SecondsPath', 'seconds')
  await read('TimestampPath', 'timestamp')
  if (state.Type === 'Fail') {
    const [error, cause] = [await read('ErrorPath', 'string'), await read('CausePath', 'string')]
    return { output: null, assigned: {}, failed: { error: error ?? null, cause: cause ?? null } }
  }
  const left = await jsonpathLanguage.finish(flowOf(state), sight, begun.arguments)
  return { ...left, ...(next === undefined ? {} : { next: String(next) }) }
}

interface Ran {
  readonly output?: Json
  readonly error?: Json
  readonly cause?: Json
  readonly exits: readonly { readonly state: string; readonly output: Json; readonly assigned: JsonObject }[]
}

async function run(recording: Case): Promise<Ran> {
  const exits: { state: string; output: Json; assigned: JsonObject }[] = []
  let input = recording.input
  let variables: JsonObject = {}
  try {
    for (let name: string | undefined = recording.definition.StartAt; name !== undefined; ) {
      const state = recording.definition.States[name]
      if (state === undefined) throw new Error(`no state ${name}`)
      const done = await step(state, sightOf(recording, input, variables, name))
      if (done.failed !== undefined) return { ...done.failed, exits }
      exits.push({ state: name, output: done.output, assigned: done.assigned })
      input = done.output
      variables = { ...variables, ...done.assigned }
      name = done.next
    }
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error
    return { error: error.error, cause: error.message, exits }
  }
  return { output: input, exits }
}

/** The engine says in which state and at which event; the language says the rest. */
const withoutPlace = (cause: Json | undefined): Json | undefined =>
  typeof cause === 'string'
    ? cause.replace(/^An error occurred while executing the state '.*?' \(entered at .*?\)\. /, '')
    : cause

type Compare = (expected: unknown, actual: unknown) => string | null

function difference(compare: Compare, { expected, nondeterministic }: Case, ran: Ran): string | null {
  if (expected.status !== 'SUCCEEDED') {
    return compare([expected.error, withoutPlace(expected.cause)], [ran.error, ran.cause])
  }
  if (ran.error !== undefined) return `failed: ${JSON.stringify(ran.error)} ${JSON.stringify(ran.cause)}`
  if (nondeterministic === true) return null
  const exits = (expected.stateExits ?? []).map((exit) => [exit.state, exit.output, exit.assignedVariables ?? {}])
  const left = ran.exits.map(({ state, output, assigned }) => [state, output, assigned])
  return compare(expected.output, ran.output) ?? (exits.length === 0 ? null : compare(exits, left))
}

const KNOWN = 'recorded executions are not beside this checkout: ../shared/asl-cases'

describe.skipIf(!existsSync(folder))(`JSONPath as AWS recorded it (${KNOWN}: skipped)`, () => {
  test('every execution of states without work ends as it was recorded', async () => {
    const { cmp } = (await import(`${folder}cmp.mjs`)) as { cmp: Compare }
    const alone = executions().filter(isAlone)
    const misses: string[] = []
    for (const recording of alone) {
      const miss = difference(cmp, recording, await run(recording))
      if (miss !== null) misses.push(`${recording.name}: ${miss}`)
    }
    expect(alone.length).toBe(303)
    expect(misses).toEqual([])
  })

  test('nothing in a recorded definition is called wrong', () => {
    const judged = executions().flatMap(({ definition }) => judge(asJson(definition), ''))
    expect(judged.filter(({ problems }) => problems.length > 0)).toEqual([])
    expect(judged.length).toBe(434)
  })
})

interface Judged {
  readonly key: string
  readonly problems: readonly QueryProblem[]
}

/** Every field of a definition that this language reads, with what is wrong with it. */
function judge(value: Json, key: string): Judged[] {
  if (key === 'Result') return []
  if (typeof value === 'string') return judgeText(value, key)
  if (Array.isArray(value)) return value.flatMap((item: Json) => judge(item, key))
  if (!isJsonObject(value)) return []
  if (/^(Parameters|ResultSelector|ItemSelector|Assign)$/.test(key)) return [{ key, problems: templateProblems(value) }]
  if (key === 'Choices') return [{ key, problems: ruleProblems(value) }]
  return Object.entries(value).flatMap(([name, member]) => judge(member, name))
}

function judgeText(value: string, key: string): Judged[] {
  if (/^(Input|Output|Items|Seconds|Timestamp)Path$/.test(key)) return [{ key, problems: pathProblems(value) }]
  return key === 'ResultPath' ? [{ key, problems: pathProblems(value, 'reference') }] : []
}

import type { z } from 'zod'
import type { Place, Problem, ValueOrProblems } from '../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type LazyValue, ValueFault } from '../../model/once.ts'
import type { Scope } from '../../model/principal.ts'
import { explainIssue } from '../../text/source/explain-issue.ts'
import {
  accept,
  acceptUnless,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  locatedNowhere,
  type Path,
  placeOf,
  textPlaceOf,
} from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { parseWith } from '../../text/source/yaml.ts'
import type { CheckCall, Workflow } from './definition/workflow.ts'
import { factsOf, type StateMachine, statesIn, type TaskFacts, type TaskState } from './machine/machine.ts'
import { jsonOf } from './query/language/inventory-names.ts'
import { DEFAULT_CONCURRENCY } from './schema/rollout-schema.ts'
import { type LazyVariables, renderTemplate, templateProblems } from './template/render.ts'

const WHOLE_PATH = /^\{\{\s*([A-Za-z]\w*)((?:\.[A-Za-z_]\w*|\[\s*(?:'[^'\\]*'|"[^"\\]*"|\d+)\s*\])+)\s*\}\}$/
const STEP = /\.([A-Za-z_]\w*)|\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]/g

// The value that a text means which is one path into what is seen, and nothing else: `{{ device.vars.vlans }}`.
function seenAt(text: string, params: JsonObject, seen: LazyVariables): Json | undefined {
  const [, name = '', path = ''] = WHOLE_PATH.exec(text) ?? []
  const root = Object.hasOwn(seen, name) && !Object.hasOwn(params, name) ? seen[name] : undefined
  if (root === undefined) return undefined
  try {
    const found = [...path.matchAll(STEP)].reduce<LazyValue | undefined>(
      (value, [, plain, single, double, index]) => partOf(value, plain ?? single ?? double ?? Number(index)),
      root,
    )
    return found === undefined ? undefined : jsonOf(found)
  } catch (thrown) {
    if (thrown instanceof ValueFault) return undefined
    throw thrown
  }
}

function partOf(value: LazyValue | undefined, step: string | number) {
  if (value?.kind === 'map') return value.member(String(step))
  return value?.kind === 'list' && typeof step === 'number' ? value.item(step) : undefined
}

export interface KnownCheck {
  readonly name: string
  readonly input: z.ZodType
  readonly needs?: string
}

/** Reads `checks:` of the verify step. An input is judged here unless it waits for a parameter (`{{ … }}`). */
export function readChecks(
  list: LocatedValue,
  known: readonly KnownCheck[],
  areas: readonly string[],
): ValueOrProblems<readonly CheckCall[]> {
  const problems: Problem[] = []
  const items = Array.isArray(list.value) ? (list.value as readonly Json[]) : []
  const calls = items.flatMap((_, index) => {
    const read = readCheck(locatedAt(list, [index]) ?? list, known, areas)
    problems.push(...read.problems)
    return read.call === undefined ? [] : [read.call]
  })
  return acceptUnless(problems, () => calls)
}

/** The checks with their inputs as their schemas read them, defaults included. */
export function checksWith(
  workflow: Pick<Workflow, 'checks'>,
  params: JsonObject,
  known: readonly KnownCheck[],
  seen: LazyVariables = {},
): ValueOrProblems<readonly CheckCall[]> {
  const problems: Problem[] = []
  const calls = workflow.checks.map((call) => {
    const filled = fill(call.input, { params, seen }, (path) => placeIn(call, path))
    problems.push(...filled.problems)
    const schema = known.find(({ name }) => name === call.name)?.input
    if (schema === undefined || filled.problems.length > 0) return call
    const located = isWritten(call) ? { ...call.written, value: filled.value } : undefined
    const judged = parseWith(schema, located ?? locatedNowhere(filled.value, call.at.file))
    if (judged.ok) return { ...call, input: judged.value as Json }
    problems.push(...judged.problems.map((problem) => (located === undefined ? { ...problem, at: call.at } : problem)))
    return call
  })
  return acceptUnless(problems, () => calls)
}

function isWritten(call: CheckCall): call is CheckCall & { readonly written: LocatedValue } {
  return call.written?.value === call.input
}

function placeIn(call: CheckCall, path: Path) {
  if (isWritten(call)) return textPlaceOf(call.written, path)
  return call.written !== undefined && path[0] === 'expected' ? textPlaceOf(call.written, path.slice(1)) : call.at
}

/** What is wrong with the templates in the inputs of checks before the parameters are known, each at its place. */
export function checkTemplateProblems(checks: readonly CheckCall[], params: readonly string[]): readonly Problem[] {
  return checks.flatMap(({ input, at, written }) =>
    textsIn(written?.value ?? input).flatMap(({ text, path }) =>
      templateProblems(text, written === undefined ? at : textPlaceOf(written, path), params),
    ),
  )
}

function textsIn(value: Json, path: Path = []): { readonly text: string; readonly path: Path }[] {
  if (typeof value === 'string') return value.includes('{{') ? [{ text: value, path }] : []
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, member]) => textsIn(member, [...path, key]))
}

function readCheck(
  item: LocatedValue,
  known: readonly KnownCheck[],
  areas: readonly string[],
): { call?: CheckCall; problems: readonly Problem[] } {
  const { value } = item
  const names = typeof value === 'string' ? [value] : isJsonObject(value) ? Object.keys(value) : []
  const [name = ''] = names
  const at = typeof value === 'string' ? placeOf(item) : keyPlaceOf(item, [name])
  if (names.length !== 1) {
    const hint = 'write one check per item: `- bgp-established`, or `- vlans-present: { vlans: [110] }`'
    return { problems: [{ code: 'bad-check', message: 'this is not one check', at: placeOf(item), hint }] }
  }
  const check = known.find((one) => one.name === name)
  if (check === undefined) {
    const hint = didYouMean(
      name,
      known.map((one) => one.name),
    )
    return { problems: [{ code: 'unknown-check', message: `there is no check \`${name}\``, at, hint }] }
  }
  const input = (typeof value === 'string' ? undefined : locatedAt(item, [name])) ?? { ...item, value: {} }
  const given = input.value === null ? { ...input, value: {} } : input
  const judged = hasTemplate(given.value) ? accept(null) : parseWith(check.input, given)
  const call: CheckCall = { name, input: given.value, at, written: given }
  return { call, problems: [...(judged.ok ? [] : judged.problems), ...unread(check, areas, call)] }
}

function unread({ needs }: KnownCheck, areas: readonly string[], { name, at }: CheckCall): readonly Problem[] {
  if (needs === undefined || areas.includes(needs)) return []
  const message = `the check \`${name}\` compares with the state before the change, and the snapshot does not read \`${needs}\``
  return [
    {
      code: 'check-needs-state',
      message,
      at,
      hint: `add it: \`snapshot: { state: [${[...areas, needs].join(', ')}] }\``,
    },
  ]
}

function hasTemplate(value: Json) {
  if (typeof value === 'string') return value.includes('{{')
  if (value === null || typeof value !== 'object') return false
  return Object.values(value).some(hasTemplate)
}

const WHOLE = /^\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}$/

function fill(
  value: Json,
  given: { readonly params: JsonObject; readonly seen: LazyVariables },
  placeOfText: (path: Path) => Place,
  path: Path = [],
): { value: Json; problems: readonly Problem[] } {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item, index) => fill(item, given, placeOfText, [...path, index]))
    return { value: items.map((item) => item.value), problems: items.flatMap(({ problems }) => problems) }
  }
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(
      ([key, member]) => [key, fill(member, given, placeOfText, [...path, key])] as const,
    )
    return {
      value: Object.fromEntries(entries.map(([key, filled]) => [key, filled.value])),
      problems: entries.flatMap(([, { problems }]) => problems),
    }
  }
  if (typeof value !== 'string' || !value.includes('{{')) return { value, problems: [] }
  const { params, seen } = given
  const name = WHOLE.exec(value)?.[1]
  if (name !== undefined && Object.hasOwn(params, name)) return { value: params[name] ?? null, problems: [] }
  const whole = seenAt(value, params, seen)
  if (whole !== undefined) return { value: whole, problems: [] }
  const rendered = renderTemplate(value, placeOfText(path), params, seen)
  return rendered.ok ? { value: rendered.value, problems: [] } : { value, problems: rendered.problems }
}

export interface KnownTask {
  readonly name: string
  readonly input: z.ZodType
}

export function callProblems(state: TaskState, written: LocatedValue, tasks: readonly KnownTask[]): readonly Problem[] {
  if (state.task !== 'http') return [...fixedProblems(state, written), ...argumentProblems(state.task, written, tasks)]
  return [...undoProblems(state, written), ...argumentProblems(state.task, written, tasks)]
}

function fixedProblems({ name, task, effect, undo }: TaskState, written: LocatedValue): Problem[] {
  const facts = factsOf(task)
  if (facts === undefined) return []
  const faults = [
    ...(effect === facts.effect ? [] : (['Effect'] as const)),
    ...(undo.by === facts.undo ? [] : (['Undo'] as const)),
  ]
  return faults.map((key) => ({
    code: 'fixed-by-task',
    message: `\`${key}\` of \`${name}\` is not for a workflow to choose: ${said(task, facts)}`,
    at: keyPlaceOf(written, [key]),
    hint: `delete \`${key}\``,
  }))
}

function said(task: string, { effect, undo }: TaskFacts) {
  if (effect === 'read') return `\`${task}\` only reads`
  return undo === 'rollback'
    ? `\`${task}\` writes, and a rollback of the switch undoes it`
    : `\`${task}\` writes, and leaves nothing to undo`
}

function undoProblems({ name, effect, undo }: TaskState, written: LocatedValue): Problem[] {
  const at = keyPlaceOf(written, ['Undo'])
  if (undo.by === 'rollback' || (undo.by === 'task' && undo.task !== 'http')) {
    const message = `\`${name}\` writes to a service, which only another call of it can undo`
    return [
      {
        code: 'bad-undo',
        message,
        at,
        hint: 'write `Undo: { Resource: eosflow:http, Arguments: … }`, or `Undo: none`',
      },
    ]
  }
  if (effect !== 'write' || locatedAt(written, ['Undo']) !== undefined) return []
  const message = `\`${name}\` writes to a service and does not say how that is undone`
  const hint =
    'write `Undo: { Resource: eosflow:http, Arguments: … }` or `Undo: none`; `Effect: read` if it changes nothing'
  return [{ code: 'no-undo', message, at: placeOf(written), hint }]
}

function argumentProblems(task: string, written: LocatedValue, tasks: readonly KnownTask[]) {
  const known = tasks.find(({ name }) => name === task)
  if (known === undefined || !SERVICES.includes(task)) return []
  const calls = [locatedAt(written, ['Arguments']), locatedAt(written, ['Undo', 'Arguments'])]
  return calls.flatMap((given) => (given === undefined ? [] : constantProblems(known, given)))
}

const SERVICES: readonly string[] = ['http', 'signal']

function constantProblems({ input }: KnownTask, given: LocatedValue) {
  if (!isJsonObject(given.value)) return []
  const entries = Object.entries(given.value)
  const open = new Set(entries.flatMap(([key, value]) => (hasExpression(value) ? [key] : [])))
  const parsed = input.safeParse(Object.fromEntries(entries.filter(([key]) => !open.has(key))))
  const issues = parsed.success ? [] : parsed.error.issues.filter(({ path }) => !open.has(String(path[0])))
  return issues.flatMap((issue) => explainIssue(issue, input, given))
}

function hasExpression(value: Json) {
  if (typeof value === 'string') return value.startsWith('{%') && value.endsWith('%}')
  return value !== null && typeof value === 'object' && Object.values(value).some(hasExpression)
}

/** The states of a machine that need more than `permissions:` of the workflow file lists: a ceiling takes rights away and gives none. */
export function ceilingProblems(machine: StateMachine, permissions: readonly Scope[] | undefined): readonly Problem[] {
  if (permissions === undefined) return []
  return statesIn(machine).flatMap(({ state }) => {
    if (state.kind !== 'Task' || permissions.includes(state.scope)) return []
    return [
      {
        code: 'above-permissions',
        message: `\`${state.name}\` needs ${state.scope}, which \`permissions\` of the workflow does not list`,
        at: state.at,
        hint: `add \`${state.scope}\` to \`permissions\`, or take the state out`,
      },
    ]
  })
}

/** The same for the state's own `Permissions`. */
export function ownCeilingProblems({ name, scope }: TaskState, written: LocatedValue): readonly Problem[] {
  const own = isJsonObject(written.value) ? written.value.Permissions : undefined
  if (!Array.isArray(own) || own.includes(scope)) return []
  return [
    {
      code: 'above-permissions',
      message: `\`${name}\` needs ${scope}, which its own \`Permissions\` do not list`,
      at: keyPlaceOf(written, ['Permissions']),
      hint: `add \`${scope}\`, or call another task`,
    },
  ]
}

export type RolloutShape = Pick<Workflow['rollout'], 'atomic' | 'maxFailures' | 'concurrency'> & {
  readonly hasCanary: boolean
}

/** What a file says of its rollout, as far as it can be read before it is judged. */
export function rolloutIn(file: LocatedValue): RolloutShape {
  const given = (key: string) => locatedAt(file, ['rollout', key])?.value
  const [atomic, failures, concurrency] = [given('atomic'), given('maxFailures'), given('concurrency')]
  return {
    atomic: atomic === 'wave' || atomic === 'device' ? atomic : 'change',
    maxFailures: typeof failures === 'number' || isShare(failures) ? failures : 0,
    concurrency: typeof concurrency === 'number' ? concurrency : DEFAULT_CONCURRENCY,
    hasCanary: given('canary') !== undefined,
  }
}

function isShare(value: unknown): value is `${number}%` {
  return typeof value === 'string' && /^[1-9]\d?%$/.test(value)
}

/**
 * What keeps two switches from being changed back to back: they are one group with one verdict, and each waits for the other right before its commit. `at`: where
 * `pairs` is written.
 */
export function pairProblems(
  { pairs, atomic, maxFailures, concurrency, keepApart, sites }: Workflow['rollout'],
  at: Place,
): readonly Problem[] {
  if (pairs === 'apart') return []
  const unmet: readonly (string | false)[] = [
    atomic === 'device' && '`atomic: device` confirms each of two by itself',
    maxFailures !== 0 && '`maxFailures` lets one of two fail alone',
    concurrency < 2 && '`concurrency: 1` changes one at a time, and each waits for the other',
    keepApart === 'none' && '`keepApart: none` lets any switches share a wave',
    sites !== undefined && 'the workers of each site know their own switches only',
  ]
  return unmetProblems(unmet, 'pairs-together', at, `delete \`pairs: ${pairs}\`, or the other`)
}

/** One for each that is not false. */
export function unmetProblems(
  unmet: readonly (string | false)[],
  code: string,
  at: Place,
  hint: string,
): readonly Problem[] {
  return unmet.flatMap((message) => (message === false ? [] : [{ code, message, at, hint }]))
}

/** The keys that shape the machine of `steps`. A machine that is written as `states` has its shape already. */
export function rolloutOfStatesProblems(file: LocatedValue): readonly Problem[] {
  const { atomic, maxFailures, hasCanary } = rolloutIn(file)
  const pairs = locatedAt(file, ['rollout', 'pairs'])?.value ?? 'apart'
  const keys = [
    ...(atomic === 'change' ? [] : ['atomic']),
    ...(maxFailures === 0 ? [] : ['maxFailures']),
    ...(hasCanary ? ['canary'] : []),
    ...(pairs === 'apart' ? [] : ['pairs']),
  ]
  return keys.map((key) => ({
    code: 'rollout-of-steps',
    message: `\`${key}\` shapes the machine that \`steps\` become, and this workflow writes its own \`states\``,
    at: keyPlaceOf(file, ['rollout', key]),
    hint: `delete it, or write the change as \`steps\``,
  }))
}

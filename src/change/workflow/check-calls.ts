import type { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type LazyValue, ValueFault } from '../../model/lazy-value.ts'
import type { Place, Problem, ValueOrProblems } from '../../model/problem.ts'
import { accept, acceptUnless } from '../../text/source/checked.ts'
import {
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  locatedNowhere,
  type Path,
  placeOf,
  textPlaceOf,
} from '../../text/source/located.ts'
import { parseWith } from '../../text/source/parse-with.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import type { CheckCall, Workflow } from './definition/workflow.ts'
import { jsonOf } from './query/language/inventory-names.ts'
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
    if (!judged.ok)
      problems.push(
        ...judged.problems.map((problem) => (located === undefined ? { ...problem, at: call.at } : problem)),
      )
    return { ...call, input: filled.value }
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

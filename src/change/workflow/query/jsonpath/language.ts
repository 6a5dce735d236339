import { EosflowError } from '../../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import type { ChoiceRule, Flow, Source } from '../../machine/machine.ts'
import {
  type ExpressionScope,
  QueryFault,
  type QueryLanguage,
  type StateEntry,
  type StateOutput,
  type Want,
} from '../language/language.ts'
import { OPERATORS, PATH_OPERATORS, ruleHolds } from './choice-operator.ts'
import {
  type ExpressionRoots,
  evaluate,
  INTRINSICS,
  isIntrinsic,
  parsedOrFault,
  selectOrFault,
  selectValue,
} from './expression.ts'
import { type IntrinsicCall, parseIntrinsic } from './intrinsic-call.ts'
import { type JsonPath, parsePath, QuerySyntaxError } from './parse-path.ts'
import { type Roots, shownJson } from './select.ts'
import { instantOf } from './timestamp.ts'

interface Field {
  readonly name: string
  readonly source: Source
  // Milliseconds since the epoch, from which waits are counted.
  readonly now: number
}

type Check = (value: Json, field: Field) => Json

// The longest wait: AWS counts it in a signed 32-bit number of seconds (recorded: 24,855 days will do, 24,856 will not).
const MAX_WAIT_SECONDS = 2 ** 31 - 1

// Throws QueryFault States.Runtime in AWS's words.
function fieldValue(value: Json, want: Want, field: Field): Json {
  const check = field.name.startsWith('ToleratedFailurePercentage') ? percentage : CHECKS[want]
  return check(value, field)
}

const CHECKS: Readonly<Record<Want, Check>> = {
  any: (value) => value,
  array,
  boolean: ofType('boolean'),
  string: ofType('string'),
  timestamp,
  count,
  seconds,
}

const runtime = (cause: string) => new QueryFault('States.Runtime', cause)

const printed = (value: Json) => (typeof value === 'string' ? value : shownJson(value))

const pathOf = ({ source }: Field) => (source.from === 'path' ? source.path : '$')

function ofType(type: 'boolean' | 'string'): Check {
  return (value, field) => {
    if (typeof value === type) return value
    throw runtime(`The ${field.name} field must be a ${type}, but was: ${shownJson(value)}`)
  }
}

function array(value: Json, field: Field): Json {
  if (Array.isArray(value)) return value
  throw runtime(`Reference path "${pathOf(field).replace(/^\$\$/, '$')}" must point to array.`)
}

function numberIn(value: Json, pattern: RegExp) {
  if (typeof value === 'number') return pattern.test(String(value)) ? value : undefined
  return typeof value === 'string' && pattern.test(value) ? Number(value) : undefined
}

const INTEGER = /^[+-]?\d+$/
const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

const notANumber = (value: Json, kind: string, field: Field) =>
  runtime(`The ${field.name} field refers to value "${printed(value)}" which is not a valid ${kind}: ${pathOf(field)}`)

function count(value: Json, field: Field): Json {
  const number = numberIn(value, INTEGER)
  if (number === undefined) throw notANumber(value, 'integer', field)
  if (number < 0) throw runtime(`${baseName(field)} cannot be negative.`)
  return number
}

function percentage(value: Json, field: Field): Json {
  const number = numberIn(value, DECIMAL)
  if (number === undefined) throw notANumber(value, 'float', field)
  if (number < 0 || number > 100) throw runtime(`${baseName(field)} must be between 0 and 100.`)
  return number
}

const baseName = (field: Field) => field.name.replace(/Path$/, '')

function seconds(value: Json, field: Field): Json {
  const number = numberIn(value, INTEGER)
  const shown = `${pathOf(field)} == ${printed(value)}`
  if (number === undefined) throw runtime(`The ${field.name} parameter cannot be parsed as a long value: ${shown}`)
  if (number < 0) throw runtime(`The ${field.name} parameter references a negative value: ${shown}`)
  if (number > MAX_WAIT_SECONDS) throw runtime('Wait state delay is too long.')
  return number
}

function timestamp(value: Json, field: Field) {
  const instant = typeof value === 'string' ? instantOf(value) : undefined
  if (instant === undefined) {
    const what = 'does not reference a valid ISO-8601 extended offset date-time format string'
    throw runtime(`The ${field.name} parameter ${what}: ${pathOf(field)} == ${printed(value)}`)
  }
  if (Number(instant / 1_000_000n) - field.now > MAX_WAIT_SECONDS * 1000) throw runtime('Wait state delay is too long.')
  return value
}

// What ends the key of a member whose value is an expression.
const DYNAMIC = '.$'

// A payload template, filled: each member whose key ends in `.$` loses that ending and gets the value of its
// expression, at any depth; everything else is literal (states-language.net, "Payload Template"). Throws QueryFault.
function fillTemplate(template: Json, against: ExpressionRoots): Json {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, against))
  if (!isJsonObject(template)) return template
  return Object.fromEntries(Object.entries(template).map(([key, value]) => filled(key, value, against)))
}

function filled(key: string, value: Json, against: ExpressionRoots): readonly [string, Json] {
  if (!key.endsWith(DYNAMIC)) return [key, fillTemplate(value, against)]
  if (typeof value !== 'string') {
    throw new QueryFault('States.Runtime', `The value of the field '${key}' is not a JSONPath or an intrinsic function`)
  }
  return [key.slice(0, -DYNAMIC.length), evaluate(value, key, against)]
}

type JsonPathFlow = Extract<Flow, { language: 'jsonpath' }>

export const jsonpathLanguage: QueryLanguage = {
  async begin(flow, sight) {
    return begin(jsonpathOf(flow), sight)
  },
  async read(source, field, want, sight, effective) {
    return fieldValue(sourceValue(source, field, sight, effective), want, { name: field, source, now: sight.now })
  },
  async holds(when, _index, sight, effective) {
    return ruleHolds(ruleOf(when), rootsOf(sight, effective))
  },
  async finish(flow, sight, result) {
    return finish(jsonpathOf(flow), sight, result)
  },
}

function jsonpathOf(flow: Flow) {
  if (flow.language === 'jsonpath') return flow
  throw new EosflowError('bug', 'a JSONata state was given to JSONPath')
}

function ruleOf(when: ChoiceRule['when']) {
  if (when.language === 'jsonpath') return when.rule
  throw new EosflowError('bug', 'a JSONata rule was given to JSONPath')
}

function rootsOf({ context, variables }: ExpressionScope, input: Json): Roots {
  return { input, context, variables }
}

function againstOf(sight: ExpressionScope, input: Json): ExpressionRoots {
  return { roots: rootsOf(sight, input), random: sight.random }
}

function begin(flow: JsonPathFlow, sight: ExpressionScope): StateEntry {
  const effective = selected(flow.inputPath, sight, sight.input)
  if (flow.result !== undefined) return { effective, arguments: flow.result }
  const filled = flow.parameters === undefined ? effective : fillTemplate(flow.parameters, againstOf(sight, effective))
  return { effective, arguments: filled }
}

function finish(flow: JsonPathFlow, sight: ExpressionScope, result: Json): StateOutput {
  const chosen =
    flow.resultSelector === undefined ? result : fillTemplate(flow.resultSelector, againstOf(sight, result))
  const assigned = flow.assign === undefined ? {} : fillTemplate(flow.assign, againstOf(sight, chosen))
  const placed = flow.resultPath === null ? sight.input : place(sight.input, flow.resultPath ?? '$', chosen)
  return { output: selected(flow.outputPath, sight, placed), assigned: assigned as JsonObject }
}

function selected(path: string | null | undefined, sight: ExpressionScope, input: Json) {
  if (path === null) return {}
  return path === undefined ? input : selectValue(path, rootsOf(sight, input))
}

function sourceValue(source: Source, field: string, sight: ExpressionScope, effective: Json) {
  switch (source.from) {
    case 'literal':
      return source.value
    case 'template':
      return fillTemplate(source.value, againstOf(sight, effective))
    case 'path':
      return valueAt(source.path, field, sight, effective)
  }
}

function valueAt(path: string, field: string, sight: ExpressionScope, effective: Json) {
  const against = againstOf(sight, effective)
  if (isIntrinsic(path) || !WAITS.has(field)) return evaluate(path, field, against)
  const found = selectOrFault(path, against.roots)
  if ('value' in found) return found.value
  throw new QueryFault('States.Runtime', `The ${field} parameter does not reference an input value: ${path}`)
}

const WAITS: ReadonlySet<string> = new Set(['SecondsPath', 'TimestampPath'])

export type ReferenceStep = string | number

/** Throws QuerySyntaxError. */
export function parseReferencePath(text: string): readonly ReferenceStep[] {
  const path = parsePath(text)
  if (path.root.of !== 'input') throw new QuerySyntaxError(`a reference path starts with '$'`, 0)
  return referenceSteps(path)
}

function referenceSteps(path: JsonPath): readonly ReferenceStep[] {
  if (path.call !== undefined) throw new QuerySyntaxError('a reference path has no functions', 0)
  return path.steps.map((step) => {
    if (step.kind === 'member') return step.name
    if (step.kind === 'index' && step.index >= 0) return step.index
    throw new QuerySyntaxError('a reference path names exactly one place', 0)
  })
}

/** The input with the value at a place, as ResultPath wants it: missing objects are made, items are replaced but never added. Throws QueryFault States.ResultPathMatchFailure where the place cannot be. */
export function place(input: Json, text: string, value: Json): Json {
  const placed = placedAt(input, parsedOrFault(text, parseReferencePath, 'States.ResultPathMatchFailure'), value)
  if (placed !== undefined) return placed
  throw new QueryFault(
    'States.ResultPathMatchFailure',
    `Unable to apply ReferencePath ${text} to input ${shownJson(input)}`,
  )
}

function placedAt(target: Json | undefined, steps: readonly ReferenceStep[], value: Json): Json | undefined {
  const [step, ...rest] = steps
  if (step === undefined) return value
  return typeof step === 'string' ? placedMember(target, step, rest, value) : placedItem(target, step, rest, value)
}

function placedMember(
  target: Json | undefined,
  name: string,
  rest: readonly ReferenceStep[],
  value: Json,
): Json | undefined {
  const object = target === undefined ? {} : target
  if (!isJsonObject(object)) return undefined
  const member = placedAt(Object.hasOwn(object, name) ? object[name] : undefined, rest, value)
  return member === undefined ? undefined : { ...object, [name]: member }
}

function placedItem(
  target: Json | undefined,
  index: number,
  rest: readonly ReferenceStep[],
  value: Json,
): Json | undefined {
  if (!Array.isArray(target) || index >= target.length) return undefined
  const item = placedAt(target[index] as Json, rest, value)
  return item === undefined ? undefined : target.with(index, item)
}

export interface QueryProblem {
  /** The way from what was judged to the fault: keys and indices, empty for itself. */
  readonly way: readonly (string | number)[]
  readonly message: string
}

export type PathKind = 'path' | 'reference'

const problem = (message: string, way: QueryProblem['way'] = []): QueryProblem => ({ way, message })

export function pathProblems(path: string, kind: PathKind = 'path'): readonly QueryProblem[] {
  const why = refusal(() => (kind === 'path' ? parsePath(path) : parseReferencePath(path)))
  if (why === undefined) return []
  return [problem(`${kind === 'path' ? 'Value must be a valid JSONPath' : 'Value is not a Reference Path'}: ${why}`)]
}

export function intrinsicProblems(text: string): readonly QueryProblem[] {
  const why = refusal(() => requireKnown(parseIntrinsic(text)))
  return why === undefined ? [] : [problem(`Value must be a valid intrinsic function call: ${why}`)]
}

function requireKnown(call: IntrinsicCall) {
  const intrinsic = INTRINSICS.get(call.name)
  if (intrinsic === undefined) throw new QuerySyntaxError(`there is no function States.${call.name}`, 0)
  const { length } = call.arguments
  if (length < intrinsic.least || length > intrinsic.most) {
    throw new QuerySyntaxError(`States.${call.name} does not take ${length} arguments`, 0)
  }
  for (const argument of call.arguments) if (argument.kind === 'call') requireKnown(argument.call)
}

function refusal(parse: () => unknown) {
  try {
    parse()
    return undefined
  } catch (error) {
    if (error instanceof QuerySyntaxError) return error.message
    throw error
  }
}

/** What is wrong with a payload template: a `.$` member without an expression, or with a namesake that has no `.$`. */
export function templateProblems(template: Json): readonly QueryProblem[] {
  if (Array.isArray(template)) return template.flatMap((item: Json, index) => below(index, templateProblems(item)))
  if (!isJsonObject(template)) return []
  return Object.entries(template).flatMap(([key, value]) =>
    below(key, key.endsWith(DYNAMIC) ? memberProblems(template, key, value) : templateProblems(value)),
  )
}

const below = (step: string | number, problems: readonly QueryProblem[]): readonly QueryProblem[] =>
  problems.map(({ way, message }) => problem(message, [step, ...way]))

function memberProblems(template: JsonObject, key: string, value: Json): readonly QueryProblem[] {
  const name = key.slice(0, -DYNAMIC.length)
  const twice = Object.hasOwn(template, name) ? [problem(`The fields '${key}' and '${name}' are the same`)] : []
  const fits =
    typeof value === 'string' && (isIntrinsic(value) ? intrinsicProblems(value) : pathProblems(value)).length === 0
  if (fits) return twice
  return [
    ...twice,
    problem(`The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`),
  ]
}

const COMBINATIONS = ['And', 'Or', 'Not'] as const
const OUTER: readonly string[] = ['Next', 'Assign', 'Comment']

/** What is wrong with a rule of a Choice: `nested` for the rules inside And, Or and Not, which have no Next. */
export function ruleProblems(rule: JsonObject, nested = false): readonly QueryProblem[] {
  const besides = nested ? ['Comment'] : OUTER
  const keys = Object.keys(rule).filter((key) => !besides.includes(key))
  const combination = COMBINATIONS.find((name) => keys.includes(name))
  if (combination === undefined) return comparisonProblems(rule, keys)
  const others = keys
    .filter((key) => key !== combination)
    .map((key) => problem(`Field '${key}' is not supported`, [key]))
  return [...others, ...below(combination, combinationProblems(combination, rule[combination] ?? null))]
}

function combinationProblems(name: (typeof COMBINATIONS)[number], value: Json) {
  if (name === 'Not') return isJsonObject(value) ? ruleProblems(value, true) : [problem('Not takes a rule')]
  if (!Array.isArray(value) || value.length === 0) return [problem(`${name} takes a list of rules that is not empty`)]
  return value.flatMap((inner: Json, index) =>
    below(index, isJsonObject(inner) ? ruleProblems(inner, true) : [problem('A rule is an object')]),
  )
}

function comparisonProblems(rule: JsonObject, keys: readonly string[]): readonly QueryProblem[] {
  const operators = keys.filter((key) => key !== 'Variable')
  const one = operators.length === 1 ? [] : [problem('A rule has exactly one comparison operator')]
  return [
    ...one,
    ...below('Variable', variableProblems(rule.Variable)),
    ...operators.flatMap((key) => operandProblems(key, rule[key] ?? null)),
  ]
}

function variableProblems(variable: Json | undefined) {
  return typeof variable === 'string' ? pathProblems(variable) : [problem('A rule has a Variable, which is a path')]
}

function operandProblems(name: string, operand: Json): readonly QueryProblem[] {
  if (PATH_OPERATORS.has(name)) {
    return below(name, typeof operand === 'string' ? pathProblems(operand) : [problem(`${name} takes a path`)])
  }
  if (name === 'IsPresent') return typeof operand === 'boolean' ? [] : [problem('IsPresent takes a boolean', [name])]
  const operator = OPERATORS.get(name)
  if (operator === undefined) return [problem(`Field '${name}' is not supported`, [name])]
  return operator.accepts(operand) ? [] : [problem(`${name} takes ${operator.wants}`, [name])]
}

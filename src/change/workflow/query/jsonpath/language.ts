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
import { ruleHolds } from './choice-operator.ts'
import { type ExpressionRoots, evaluate, isIntrinsic, selectOrFault, selectValue } from './expression.ts'
import { place } from './reference-path.ts'
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

/** What ends the key of a member whose value is an expression. */
export const DYNAMIC = '.$'

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

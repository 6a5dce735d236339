import { isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import { keptIn } from '../../../../model/once.ts'
import { type CompiledExpression, compile, evaluate } from '../../../../text/query/compile.ts'
import type { Flow } from '../../machine/machine.ts'
import { inventoryVariables, isExpression, stepInto, textOf } from '../language/inventory-names.ts'
import {
  type ExpressionScope,
  LONGEST_CAUSE,
  QueryFault,
  type QueryLanguage,
  type StateOutput,
  type Want,
} from '../language/language.ts'

async function evaluateExpression(expression: string, location: string, sight: ExpressionScope) {
  const { text } = textOf(expression)
  const compilation = await compile(text)
  if (!compilation.ok) throw faultOf(text, location, `cannot be evaluated: ${compilation.message}`)
  const { compiled } = compilation
  const outcome = await evaluate(compiled, {
    variables: { ...ofInventory(text, sight), ...variablesFor(compiled, sight) },
    moment: sight,
  })
  if (!outcome.ok) throw faultOf(text, location, `threw an error during evaluation${outcome.reason}`)
  if (outcome.value === undefined) throw faultOf(text, location, 'returned nothing (undefined).')
  return outcome.value
}

function faultOf(text: string, location: string, what: string) {
  return fault(`The JSONata expression '${text}' specified for the field '${location}' ${what}`, location)
}

function ofInventory(text: string, { inventory, variables }: ExpressionScope) {
  return inventory === undefined ? {} : inventoryVariables(text, inventory, variables)
}

function variablesFor(compiled: CompiledExpression, sight: ExpressionScope): JsonObject {
  const { input, context, variables, result, errorOutput } = sight
  const { reads, members } = readingOf(compiled)
  const read = Object.entries(variables).filter(([name]) => reads.includes(name))
  const states = Object.entries({ input, context, result, errorOutput }).flatMap(([name, value]): [string, Json][] =>
    value === undefined || members?.has(name) === false ? [] : [[name, value]],
  )
  return { ...Object.fromEntries(read), states: Object.fromEntries(states) }
}

interface Reading {
  readonly reads: readonly string[]
  // The members of `$states`; undefined when it is read as a whole.
  readonly members: ReadonlySet<string> | undefined
}

const readings = new WeakMap<CompiledExpression, Reading>()

function readingOf(compiled: CompiledExpression) {
  return keptIn(readings, compiled, () => {
    const { free, members } = compiled.names
    const reads = [...new Set(free.map(({ name }) => name))].filter((name) => name !== 'states')
    const ofStates = members.filter(({ of }) => of === 'states')
    const isWhole = free.filter(({ name }) => name === 'states').length > ofStates.length
    return { reads, members: isWhole ? undefined : new Set(ofStates.map(({ name }) => name)) }
  })
}

const TYPES: Readonly<Record<Exclude<Want, 'any'>, string>> = {
  array: 'array',
  boolean: 'boolean',
  string: 'string',
  timestamp: 'string',
  count: 'number',
  seconds: 'number',
}

// Throws QueryFault, in the words that AWS was recorded with for arrays and timestamps.
function requireWanted(value: Json, want: Want, field: string, written: Json) {
  if (want === 'any') return value
  const expected = TYPES[want]
  const actual = typeOf(value)
  if (actual !== expected) {
    throw isExpression(written) ? unexpectedType(written, field, expected, value) : wrongLiteral(field, expected, value)
  }
  if (want === 'timestamp' && !isTimestamp(String(value))) {
    const what = 'cannot be parsed as an ISO-8601 extended offset date-time format string'
    throw fault(`The ${field} field ${what}: ${String(value)}`, field)
  }
  if ((want === 'count' || want === 'seconds') && !(Number.isSafeInteger(value) && Number(value) >= 0)) {
    throw fault(`The ${field} field must be a non-negative integer but was: ${String(value)}`, field)
  }
  return value
}

function unexpectedType(written: string, field: string, expected: string, value: Json) {
  const was = `Expected '${expected}', but was '${typeOf(value)}' for value: ${JSON.stringify(value)}`
  return faultOf(textOf(written).text, field, `returned an unexpected result type. ${was}`)
}

function wrongLiteral(field: string, expected: string, value: Json) {
  const text = JSON.stringify(value)
  if (field === 'input') return fault(`Map state input must be an ${expected} but was: ${text}`, undefined)
  return fault(`The ${field} field must be of type '${expected}', but was '${typeOf(value)}' for value: ${text}`, field)
}

function fault(cause: string, location: string | undefined) {
  return new QueryFault('States.QueryEvaluationError', cause.slice(0, LONGEST_CAUSE), location)
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const EXTENDED_OFFSET =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-8]):[0-5]\d)$/

function isTimestamp(text: string) {
  const [, year, month, day] = EXTENDED_OFFSET.exec(text) ?? []
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day)
}

async function fill(template: Json, location: string, sight: ExpressionScope): Promise<Json> {
  if (isExpression(template)) return evaluateExpression(template, location, sight)
  if (isConstant(template)) return template
  if (Array.isArray(template)) {
    const members: Json[] = []
    for (const [index, member] of template.entries()) members.push(await fill(member, stepInto(location, index), sight))
    return members
  }
  const members: [string, Json][] = []
  for (const [key, member] of Object.entries(template as object) as [string, Json][]) {
    members.push([key, await fill(member, stepInto(location, key), sight)])
  }
  return Object.fromEntries(members)
}

const constants = new WeakMap<object, boolean>()

function isConstant(template: Json): boolean {
  if (typeof template !== 'object' || template === null) return !isExpression(template)
  const members = isJsonObject(template) ? Object.values(template) : template
  return keptIn(constants, template, () => members.every(isConstant))
}

export interface JsonataLanguage extends QueryLanguage {
  finish(flow: Flow, sight: ExpressionScope, result: Json, within?: string): Promise<StateOutput>
}

/**
 * JSONata as Step Functions has it: strings that are `{% … %}` are expressions, at any depth; they read `$states` and the
 * variables of the state's scope, and have no root document (states-language.net, "JSONata"). A value that is undefined
 * is an error.
 */
export const jsonataLanguage: JsonataLanguage = {
  async begin(flow, sight) {
    const { arguments: template } = jsonataFlow(flow)
    const given = template === undefined ? sight.input : await fill(template, 'Arguments', sight)
    return { effective: sight.input, arguments: given }
  },

  async read(source, field, want, sight) {
    if (source.from === 'path') throw new QueryFault('States.Runtime', `JSONata reads no path: ${source.path}`, field)
    const value = source.from === 'literal' ? source.value : await fill(source.value, field, sight)
    return requireWanted(value, want, field, source.from === 'literal' ? null : source.value)
  },

  async holds(when, index, sight) {
    if (when.language !== 'jsonata') throw new QueryFault('States.Runtime', 'JSONata reads no rule of JSONPath')
    const field = `Choices[${index}]/Condition`
    const value = await fill(when.condition, field, sight)
    return requireWanted(value, 'boolean', field, when.condition) === true
  },

  async finish(flow, sight, result, within = '') {
    const { output, assign } = jsonataFlow(flow)
    return {
      output: output === undefined ? result : await fill(output, `${within}Output`, sight),
      assigned: assign === undefined ? {} : ((await fill(assign, `${within}Assign`, sight)) as JsonObject),
    }
  },
}

function jsonataFlow(flow: Flow) {
  if (flow.language !== 'jsonata') throw new QueryFault('States.Runtime', 'JSONata reads no flow of JSONPath')
  return flow
}

import type { Json, JsonObject } from '../../../../model/json.ts'
import { type CompiledExpression, compile } from '../../../../text/query/compile.ts'
import { evaluate } from '../../../../text/query/evaluate.ts'
import { textOf } from '../language/expression.ts'
import { inventoryVariables } from '../language/inventory-names.ts'
import type { ExpressionScope } from '../language/language.ts'
import { LONGEST_CAUSE, QueryFault } from '../language/query-fault.ts'

/**
 * The value of one expression, which stands at `location` in its state. Same text, same sight: same value, on every
 * machine. Rejects with QueryFault; the wording of its causes is as AWS was observed to word them.
 */
export async function evaluateExpression(expression: string, location: string, sight: ExpressionScope): Promise<Json> {
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

/** What is wrong with the expression at a location, in the sentence that names both. */
export function faultOf(text: string, location: string, what: string): QueryFault {
  const cause = `The JSONata expression '${text}' specified for the field '${location}' ${what}`
  return new QueryFault('States.QueryEvaluationError', cause.slice(0, LONGEST_CAUSE), location)
}

function ofInventory(text: string, { inventory, variables }: ExpressionScope): JsonObject {
  return inventory === undefined ? {} : inventoryVariables(text, inventory, variables)
}

/** The variables that an expression reads, and of `$states` what it reads. */
function variablesFor(compiled: CompiledExpression, sight: ExpressionScope): JsonObject {
  const { input, context, variables, result, errorOutput } = sight
  const { reads, members } = readingOf(compiled)
  const read = Object.entries(variables).filter(([name]) => reads.includes(name))
  const states = Object.entries({ input, context, result, errorOutput }).flatMap(([name, value]): [string, Json][] =>
    value === undefined || members?.has(name) === false ? [] : [[name, value]],
  )
  return { ...Object.fromEntries(read), states: Object.fromEntries(states) }
}

/** What an expression of a state reads. */
interface Reading {
  /** The variables, without `$states`. */
  readonly reads: readonly string[]
  /** The members of `$states`; undefined when it is read as a whole. */
  readonly members: ReadonlySet<string> | undefined
}

const readings = new WeakMap<CompiledExpression, Reading>()

function readingOf(compiled: CompiledExpression): Reading {
  const { free, members } = compiled.names
  const found = readings.get(compiled)
  if (found !== undefined) return found
  const reads = [...new Set(free.map(({ name }) => name))].filter((name) => name !== 'states')
  const ofStates = members.filter(({ of }) => of === 'states')
  const isWhole = free.filter(({ name }) => name === 'states').length > ofStates.length
  const reading = { reads, members: isWhole ? undefined : new Set(ofStates.map(({ name }) => name)) }
  readings.set(compiled, reading)
  return reading
}

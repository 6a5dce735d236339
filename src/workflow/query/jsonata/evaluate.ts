import type { Json } from '../../../model/json.ts'
import type { Sight } from '../language.ts'
import { QueryFault } from '../query-fault.ts'
import { type Compiled, compile } from './compile.ts'
import { textOf } from './expression.ts'
import { CALLABLE } from './function-names.ts'
import { LimitFault } from './limit-fault.ts'
import { LONGEST_CAUSE } from './limits.ts'
import { Meter } from './meter.ts'
import { plainJson } from './plain.ts'
import { METER } from './runtime.ts'
import { copy } from './shield.ts'

/**
 * The value of one expression, which stands at `location` in its state. Same text, same sight: same value, on every
 * machine. Rejects with QueryFault; the wording of its causes is as AWS was observed to word them.
 */
export async function evaluateExpression(expression: string, location: string, sight: Sight): Promise<Json> {
  const { text } = textOf(expression)
  const compilation = await compile(text)
  if (!compilation.ok) throw faultOf(text, location, `cannot be evaluated: ${compilation.message}`)
  const meter = new Meter(sight)
  try {
    const value: unknown = await compilation.compiled.expression.evaluate(
      undefined,
      bindingsOf(compilation.compiled, sight, meter),
    )
    if (value !== undefined) return plainJson(value)
  } catch (error) {
    throw faultOf(text, location, `threw an error during evaluation${reasonOf(error)}`)
  } finally {
    meter.stop()
  }
  throw faultOf(text, location, 'returned nothing (undefined).')
}

/** What is wrong with the expression at a location, in the sentence that names both. */
export function faultOf(text: string, location: string, what: string): QueryFault {
  const cause = `The JSONata expression '${text}' specified for the field '${location}' ${what}`
  return new QueryFault('States.QueryEvaluationError', cause.slice(0, LONGEST_CAUSE), location)
}

function bindingsOf({ reads, members, writes }: Compiled, sight: Sight, meter: Meter): Record<string, unknown> {
  const { input, context, variables, result, errorOutput } = sight
  const read = reads.filter((name) => Object.hasOwn(variables, name))
  const isShielded = writes || read.some((name) => CALLABLE.includes(name))
  const bindings: Record<string, unknown> = Object.create(null)
  const states: Record<string, unknown> = {}
  const bind = (to: Record<string, unknown>, name: string, value: Json | undefined): void => {
    if (value !== undefined) to[name] = isShielded ? copy(value) : value
  }
  for (const name of read) bind(bindings, name, variables[name])
  for (const [name, value] of Object.entries({ input, context, result, errorOutput })) {
    if (members?.has(name) !== false) bind(states, name, value)
  }
  bindings.states = states
  bindings[METER] = meter
  return bindings
}

/** AWS ends the sentence with a code of JSONata and its message, or with a limit. */
function reasonOf(error: unknown): string {
  if (error instanceof LimitFault) return `: ${error.message}`
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  // Errors of JavaScript itself say different things in different versions of it.
  return typeof code === 'string' ? `. ${code}: ${String(message)}` : ': The value cannot be computed'
}

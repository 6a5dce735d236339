import type { Json, JsonObject } from '../../model/json.ts'
import type { CompiledExpression } from './compile.ts'
import { CALLABLE } from './function-names.ts'
import { LimitFault } from './limit-fault.ts'
import { isFunction, measure } from './measure.ts'
import { type EvaluationClock, Meter } from './meter.ts'
import { METER } from './runtime.ts'
import { copy } from './shield.ts'

/** What an evaluation is given. */
export interface EvaluationInput {
  /** The document that names at the top level of an expression are read of; absent where there is none. */
  readonly root?: Json
  /** The values of variables, by name. */
  readonly variables?: JsonObject
  readonly moment: EvaluationClock
}

/**
 * What came of an evaluation: a value, which is undefined where the expression leads to nothing, or why there is none.
 * `reason` completes a sentence that ends in `threw an error during evaluation`.
 */
export type EvaluationOutcome =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly reason: string }

/** Evaluates an expression within its limits. Same text, same givens: same outcome, on every machine. */
export async function evaluate(
  compiled: CompiledExpression,
  { root, variables = {}, moment }: EvaluationInput,
): Promise<EvaluationOutcome> {
  const { expression, writes } = compiled
  const meter = new Meter(moment)
  try {
    // A variable that has the name of a function is what is called, and JSONata writes into what it calls.
    const isShielded = writes || Object.keys(variables).some((name) => CALLABLE.includes(name))
    const document = isShielded && root !== undefined ? copy(root) : root
    const bindings = isShielded ? (copy(variables) as JsonObject) : variables
    const value: unknown = await expression.evaluate(document, { ...bindings, [METER]: meter })
    return { ok: true, value: value === undefined ? undefined : plainJson(value) }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  } finally {
    meter.stop()
  }
}

/** AWS ends the sentence with a code of JSONata and its message, or with a limit. */
function reasonOf(error: unknown): string {
  if (error instanceof LimitFault) return `: ${error.message}`
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  // Errors of JavaScript itself say different things in different versions of it.
  return typeof code === 'string' ? `. ${code}: ${String(message)}` : ': The value cannot be computed'
}

/**
 * The plain JSON of what an evaluation gave: no flags of sequences, no absent members, no negative zero, nothing that is
 * shared with the data it came from. Throws LimitFault for functions and for numbers that JSON cannot write.
 */
function plainJson(value: unknown): Json {
  if (!measure(value).finite) throw new LimitFault('A number is not finite')
  return plain(value)
}

function plain(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return value === 0 ? 0 : value
  if (isFunction(value)) throw new LimitFault('A function is not JSON')
  if (Array.isArray(value)) return value.map((member) => (member === undefined ? null : plain(member)))
  const members = Object.entries(value ?? {}).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([key, member]) => [key, plain(member)]))
}

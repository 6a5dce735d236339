import type { Json, JsonObject } from '../../model/json.ts'
import type { CompiledExpression } from './compile.ts'
import { CALLABLE } from './function-names.ts'
import { LimitFault } from './limit-fault.ts'
import { isFunction, measure } from './measure.ts'
import { type EvaluationClock, Meter } from './meter.ts'
import { METER } from './runtime.ts'
import { copy } from './shield.ts'

export interface EvaluationInput {
  /** The document that names at the top level of an expression are read of; absent where there is none. */
  readonly root?: Json
  readonly variables?: JsonObject
  readonly moment: EvaluationClock
}

export type EvaluationOutcome =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly reason: string }

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

function reasonOf(error: unknown) {
  if (error instanceof LimitFault) return `: ${error.message}`
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  // Errors of JavaScript itself say different things in different versions of it.
  return typeof code === 'string' ? `. ${code}: ${String(message)}` : ': The value cannot be computed'
}

// Throws LimitFault for functions and for numbers that JSON cannot write.
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

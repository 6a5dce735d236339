import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { isExpression } from '../../../project/files/settings/event-expression.ts'
import { compile } from '../../../text/query/compile.ts'
import { evaluate } from '../../../text/query/evaluate.ts'
import type { EvaluationClock } from '../../../text/query/meter.ts'
import { documentOf, type HookEvent } from './hook-event.ts'

export type EventParams =
  | { readonly ok: true; readonly params: JsonObject }
  | { readonly ok: false; readonly reason: string }

/** Computes the parameters of a workflow from an event: every text `{% … %}` of the template is an expression that reads `$event`. */
export async function eventParams(template: Json, event: HookEvent, moment: EvaluationClock): Promise<EventParams> {
  const document = documentOf(event)
  try {
    const params = await filled(template, { event: document }, moment)
    if (isJsonObject(params)) return { ok: true, params }
    return { ok: false, reason: 'its parameters are no mapping' }
  } catch (error) {
    if (error instanceof NoValue) return { ok: false, reason: error.message }
    throw error
  }
}

class NoValue extends Error {}

async function filled(template: Json, variables: JsonObject, moment: EvaluationClock): Promise<Json> {
  if (isExpression(template)) return computed(template, variables, moment)
  if (Array.isArray(template)) return Promise.all(template.map((one: Json) => filled(one, variables, moment)))
  if (!isJsonObject(template)) return template
  const entries = Object.entries(template).map(
    async ([key, one]) => [key, await filled(one, variables, moment)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function computed(expression: string, variables: JsonObject, moment: EvaluationClock) {
  const made = await compile(expression.slice(2, -2))
  if (!made.ok) throw new NoValue(`the expression ${expression}: ${made.message}`)
  const outcome = await evaluate(made.compiled, { variables, moment })
  if (!outcome.ok) throw new NoValue(`the expression ${expression} threw an error during evaluation${outcome.reason}`)
  if (outcome.value === undefined) throw new NoValue(`the expression ${expression} leads to nothing in this event`)
  return outcome.value
}

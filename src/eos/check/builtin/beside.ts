import { isJsonObject, type Json } from '../../../model/json.ts'
import type { CheckSpec } from './catalog.ts'

/**
 * A check as it is judged on a switch beside those that change: what the change should make of its own switches may show there,
 * and need not.
 */
export function besideTheChange(spec: CheckSpec): CheckSpec {
  const { name, input, of } = spec
  if (!isExpectation({ name })) return spec
  const inputs = Object.entries(of ?? {}).map(([device, own]): [string, Json] => [device, beside(own)])
  return { name, input: beside(input), ...(of === undefined ? {} : { of: Object.fromEntries(inputs) }) }
}

function beside(input: Json): Json {
  return isJsonObject(input) ? { ...input, beside: true } : input
}

/** Whether a check is what `expect:` of a workflow comes to. */
export function isExpectation({ name }: Pick<CheckSpec, 'name'>): boolean {
  return name === 'expected-change'
}

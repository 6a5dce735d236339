import { isJsonObject } from '../../model/json.ts'
import type { CheckSpec } from '../catalog.ts'

/**
 * A check as it is judged on a switch beside those that change: what the change should make of its own switches may show there,
 * and need not.
 */
export function besideTheChange({ name, input }: CheckSpec): CheckSpec {
  return isExpectation({ name }) && isJsonObject(input) ? { name, input: { ...input, beside: true } } : { name, input }
}

/** Whether a check is what `expect:` of a workflow comes to. */
export function isExpectation({ name }: Pick<CheckSpec, 'name'>): boolean {
  return name === 'expected-change'
}

import { isJsonObject, type Json } from '../../model/json.ts'
import type { CheckSpec } from './builtin/known-checks.ts'

const known = new WeakMap<CheckSpec, Map<string, CheckSpec>>()

export function specFor(spec: CheckSpec, device: string): CheckSpec | undefined {
  if (spec.of === undefined) return spec
  const input = Object.hasOwn(spec.of, device) ? spec.of[device] : undefined
  if (input === undefined && !isExpectation(spec)) return undefined
  const made = known.get(spec) ?? new Map<string, CheckSpec>()
  known.set(spec, made)
  const name = input === undefined ? '' : device
  const found = made.get(name) ?? { name: spec.name, input: input ?? spec.input }
  made.set(name, found)
  return found
}

export function variantsOf(spec: CheckSpec): readonly CheckSpec[] {
  if (spec.of === undefined) return [spec]
  return [...Object.keys(spec.of), ''].flatMap((device) => specFor(spec, device) ?? [])
}

/** One check for several switches: their inputs, each under its name, unless all are alike. */
export function specOf(name: string, inputs: Readonly<Record<string, Json>>): CheckSpec {
  const all = Object.values(inputs)
  const [first = null] = all
  if (all.every((input) => JSON.stringify(input) === JSON.stringify(first))) return { name, input: first }
  return { name, input: isExpectation({ name }) ? all.reduce(both) : first, of: inputs }
}

function both(a: Json, b: Json): Json {
  if (Array.isArray(a) && Array.isArray(b)) return [...new Set([...a, ...b])]
  if (!isJsonObject(a) || !isJsonObject(b)) return a
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return Object.fromEntries(
    keys.map((key): [string, Json] => {
      const [one, other] = [a[key], b[key]]
      return [key, one === undefined || other === undefined ? (one ?? other ?? null) : both(one, other)]
    }),
  )
}

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

import { isJsonObject, type Json } from '../../model/json.ts'

/** A member of a state that is not as expected. */
export interface StateDifference {
  /** `vlan.140.status` */
  readonly path: string
  readonly expected: string
  readonly actual: string
}

/** Where a state does not hold what is expected of it: members that are not named may be anything, null must not be there. */
export function stateDifferences(expected: Json, actual: Json | undefined, path: string): readonly StateDifference[] {
  if (expected === null) return actual === undefined ? [] : [differs(path, 'not there', actual)]
  if (!isJsonObject(expected)) return sameJson(expected, actual) ? [] : [differs(path, expected, actual)]
  if (!isJsonObject(actual)) return [differs(path, expected, actual)]
  return Object.entries(expected).flatMap(([name, value]) =>
    stateDifferences(value, Object.hasOwn(actual, name) ? actual[name] : undefined, `${path}.${name}`),
  )
}

function differs(path: string, expected: Json, actual: Json | undefined): StateDifference {
  return { path, expected: shown(expected), actual: shown(actual) }
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'not there'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function sameJson(a: Json, b: Json | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b)
}

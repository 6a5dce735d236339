import type { RosterMap } from '../hosts/roster.ts'

/** Whether a value is a mapping, and none of the values that are objects of their own kind. */
export function isMap(value: unknown): value is RosterMap {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

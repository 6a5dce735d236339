import type { RosterMap } from '../hosts/roster.ts'

export function isMap(value: unknown): value is RosterMap {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

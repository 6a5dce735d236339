import type { Json } from '../model/json.ts'
import { LimitFault } from './limit-fault.ts'
import { isFunction, measure } from './measure.ts'

/**
 * The plain JSON of what an evaluation gave: no flags of sequences, no absent members, no negative zero, nothing that is
 * shared with the data it came from. Throws LimitFault for functions and for numbers that JSON cannot write.
 */
export function plainJson(value: unknown): Json {
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

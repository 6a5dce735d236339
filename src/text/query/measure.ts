import { LimitFault } from './limit-fault.ts'
import { DEEPEST_VALUE, LARGEST_VALUE } from './limits.ts'

export interface Measure {
  readonly bytes: number
  readonly depth: number
  readonly finite: boolean
}

const SCALAR: Measure = { bytes: 8, depth: 0, finite: true }
const NOT_FINITE: Measure = { bytes: 8, depth: 0, finite: false }

export function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null) return false
  return (
    ('_jsonata_function' in value && value._jsonata_function === true) ||
    ('_jsonata_lambda' in value && value._jsonata_lambda === true)
  )
}

/** What is shared counts as often as it is reached, so that a value that doubles itself in every step is stopped though it takes no memory; what has been measured is not walked again. Throws LimitFault. */
export function measure(value: unknown): Measure {
  return measureAt(value, 0)
}

const known = new WeakMap<object, Measure>()

function measureAt(value: unknown, level: number) {
  if (typeof value === 'string') return within({ bytes: value.length, depth: 0, finite: true })
  if (typeof value === 'number') return Number.isFinite(value) ? SCALAR : NOT_FINITE
  if (typeof value !== 'object' || value === null || isFunction(value)) return SCALAR
  const before = known.get(value)
  if (before !== undefined) return before
  if (level >= DEEPEST_VALUE) throw tooDeep()
  const found = within(Array.isArray(value) ? ofMembers(value, level) : ofObject(value, level))
  known.set(value, found)
  return found
}

function ofMembers(members: readonly unknown[], level: number): Measure {
  let bytes = 0
  let depth = 0
  let finite = true
  for (const member of members) {
    const one = measureAt(member, level + 1)
    bytes += one.bytes
    if (one.depth > depth) depth = one.depth
    finite &&= one.finite
  }
  return { bytes: bytes + 8, depth: depth + 1, finite }
}

function ofObject(value: object, level: number): Measure {
  const { bytes, depth, finite } = ofMembers(Object.values(value), level)
  return { bytes: bytes + Object.keys(value).reduce((sum, key) => sum + key.length, 0), depth, finite }
}

function within(found: Measure) {
  if (found.bytes > LARGEST_VALUE) throw new LimitFault('Expression evaluation memory limit exceeded')
  if (found.depth > DEEPEST_VALUE) throw tooDeep()
  return found
}

function tooDeep() {
  return new LimitFault(`A value is nested deeper than ${DEEPEST_VALUE} levels`)
}

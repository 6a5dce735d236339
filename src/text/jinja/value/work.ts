import { Dict, hashOf, Markup, Range, sequenceOf, Tuple, type Value, View } from './value.ts'

// A whole number below this is handled at once.
const SMALL = 2n ** 64n

/** How many steps it takes to go through a value once: by its characters, its items or its digits. */
export function workOf(value: Value): number {
  if (typeof value === 'string') return value.length >> 7
  if (value instanceof Markup) return value.text.length >> 7
  if (typeof value === 'bigint') return value < SMALL && value > -SMALL ? 0 : value.toString(16).length >> 5
  if (value instanceof Dict) return value.weight >> 2
  if (value instanceof View) return value.of.weight >> 2
  if (value instanceof Range) return 0
  return (sequenceOf(value)?.length ?? 0) >> 3
}

/** How many steps it takes to look a key up: by its characters, and for a tuple by those of its parts. */
export function keyWork(key: Value): number {
  return key instanceof Tuple ? hashOf(key).length >> 5 : workOf(key)
}

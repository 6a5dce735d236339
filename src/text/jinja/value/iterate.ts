import { type Budget, Dict, Markup, Range, Tuple, typeOf, Undefined, type Value, View, wrong } from './value.ts'

/** The items of a value as a `for` loop sees them: of a text its characters, of a mapping its keys. */
export function itemsOf(value: Value, budget: Budget): readonly Value[] {
  if (Array.isArray(value)) return value
  if (value instanceof Tuple) return value.items
  if (typeof value === 'string') return charactersOf(value, budget)
  if (value instanceof Markup) return charactersOf(value.text, budget)
  if (value instanceof Dict) {
    budget.spend(value.size >> 3)
    budget.items(value.size)
    return value.keys()
  }
  if (value instanceof View) {
    budget.spend(value.of.size >> 3)
    budget.rows(value.of.size, 2)
    return value.items()
  }
  if (value instanceof Range) return numbersOf(value, budget)
  if (value instanceof Undefined && value.isSilent) return []
  if (value instanceof Undefined) throw value.fault()
  throw wrong(`a ${typeOf(value)} has no items to go through`, 'give a list')
}

export function listOf(value: Value, budget: Budget): Value[] {
  const items = itemsOf(value, budget)
  budget.rows(1, items.length)
  return [...items]
}

function numbersOf({ start, step, length }: Range, budget: Budget): Value[] {
  // Each is a number of its own.
  budget.items(length * 4n)
  return Array.from({ length: Number(length) }, (_, index) => start + BigInt(index) * step)
}

/** How many items a value has (Python's `len`); throws where it has none. */
export function lengthOf(value: Value): bigint {
  if (typeof value === 'string') return BigInt(charactersIn(value))
  if (value instanceof Markup) return lengthOf(value.text)
  if (Array.isArray(value)) return BigInt(value.length)
  if (value instanceof Tuple) return BigInt(value.items.length)
  if (value instanceof Dict) return BigInt(value.size)
  if (value instanceof Range) return value.length
  if (value instanceof View) return BigInt(value.of.size)
  if (value instanceof Undefined && value.isSilent) return 0n
  if (value instanceof Undefined) throw value.fault()
  throw wrong(`a ${typeOf(value)} has no length`, 'give a text, a list or a mapping')
}

const BEYOND_16_BITS = /[\ud800-\udbff][\udc00-\udfff]/

/** How many characters a text has: code points, as Python counts them. */
export function charactersIn(text: string): number {
  if (!BEYOND_16_BITS.test(text)) return text.length
  let count = 0
  for (let at = 0; at < text.length; at = behindCharacter(text, at)) count += 1
  return count
}

/** The character at a place counted from 0; undefined behind the last. */
export function characterIn(text: string, index: number): string | undefined {
  if (!BEYOND_16_BITS.test(text)) return text[index]
  let at = 0
  for (let passed = 0; passed < index && at < text.length; passed += 1) at = behindCharacter(text, at)
  return at < text.length ? text.slice(at, behindCharacter(text, at)) : undefined
}

function behindCharacter(text: string, at: number) {
  return at + ((text.codePointAt(at) ?? 0) > 0xff_ff ? 2 : 1)
}

function charactersOf(text: string, budget: Budget): readonly Value[] {
  budget.items(text.length)
  return [...text]
}

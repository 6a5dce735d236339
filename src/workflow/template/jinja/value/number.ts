import { wrong } from '../fault.ts'
import type { Value } from './value.ts'

/** A number or a truth as a number; undefined for anything else. */
export function numberOf(value: Value): bigint | number | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined
}

/** A number as a float; throws where it is too large for one. */
export function floatOf(value: bigint | number): number {
  const float = Number(value)
  if (typeof value === 'bigint' && !Number.isFinite(float)) throw wrong('the number is too large for a float')
  return float
}

/** How many digits Python reads as a whole number. */
export const MOST_DIGITS = 4300

/** The number that a text means to Python's `int`; undefined where it means none. */
export function parsedInt(text: string, base: number): bigint | undefined {
  const prefix = base === 16 ? '0[xX]_?' : base === 8 ? '0[oO]_?' : base === 2 ? '0[bB]_?' : ''
  const found = new RegExp(`^\\s*([+-]?)(?:${prefix})?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)\\s*$`).exec(text)
  const digits = found?.[2]?.replaceAll('_', '')
  if (digits === undefined) return undefined
  if (digits.length > MOST_DIGITS) throw wrong(`a number of more than ${MOST_DIGITS} digits is not read`)
  const value = wholeNumber(digits, base)
  return value !== undefined && found?.[1] === '-' ? -value : value
}

function wholeNumber(digits: string, base: number): bigint | undefined {
  if (base === 10 && /^\d+$/.test(digits)) return BigInt(digits)
  let value = 0n
  for (const digit of digits) {
    const worth = Number.parseInt(digit, 36)
    if (worth >= base) return undefined
    value = value * BigInt(base) + BigInt(worth)
  }
  return value
}

const FLOAT = /^\s*[+-]?(?:(?:\d+(?:_\d+)*)(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?\s*$/
const WORD = /^\s*([+-]?)(inf|infinity|nan)\s*$/i

/** The number that a text means to Python's `float`; undefined where it means none. */
export function parsedFloat(text: string): number | undefined {
  const [word, sign, name] = WORD.exec(text) ?? []
  if (word !== undefined) return name?.toLowerCase() === 'nan' ? Number.NaN : sign === '-' ? -Infinity : Infinity
  return FLOAT.test(text) ? Number(text.replaceAll('_', '')) : undefined
}

import { type Value, wrong } from '../value/value.ts'
import { SPACE } from './expression-tokens.ts'

/** A number or a truth as a number; undefined for anything else. */
export function numberOf(value: Value): bigint | number | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined
}

export function floatOf(value: bigint | number): number {
  const float = Number(value)
  if (typeof value === 'bigint' && !Number.isFinite(float)) throw wrong('the number is too large for a float')
  return float
}

/** How many digits Python reads and writes of a whole number (`sys.int_info.default_max_str_digits`). */
export const MOST_DIGITS = 4300

/** A whole number in decimal digits; throws for more than Python writes. */
export function wholeText(value: bigint): string {
  const text = value.toString()
  if (text.length - (value < 0n ? 1 : 0) > MOST_DIGITS) throw tooManyDigits()
  return text
}

/** The whole number of a text of decimal digits; throws for more than Python reads. */
export function wholeFrom(digits: string): bigint {
  if (digits.length - (digits.startsWith('-') ? 1 : 0) > MOST_DIGITS) throw tooManyDigits()
  return BigInt(digits)
}

function tooManyDigits(): Error {
  return wrong(`a whole number of more than ${MOST_DIGITS} digits is neither read nor written`, 'use smaller numbers')
}

const NOT_ASCII = /[^\0-\x7f]/u
const PYTHON_BLANK = new RegExp(SPACE)

function inAsciiDigits(text: string) {
  if (!NOT_ASCII.test(text)) return text
  return [...text]
    .map((sign) => {
      if (sign <= '\x7f') return sign
      if (PYTHON_BLANK.test(sign)) return ' '
      return /\p{Nd}/u.test(sign) ? String(digitOf(sign.codePointAt(0) ?? 0)) : '?'
    })
    .join('')
}

function digitOf(code: number) {
  let before = 0
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1
  return before % 10
}

/** The number that a text means to Python's `int`; undefined where it means none. */
export function parsedInt(text: string, base: number): bigint | undefined {
  const prefix = base === 16 ? '0[xX]_?' : base === 8 ? '0[oO]_?' : base === 2 ? '0[bB]_?' : ''
  const pattern = `^${BLANKS}([+-]?)(?:${prefix})?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)${BLANKS}$`
  const found = new RegExp(pattern).exec(inAsciiDigits(text))
  const digits = found?.[2]?.replaceAll('_', '')
  if (digits === undefined) return undefined
  if (digits.length > MOST_DIGITS) throw tooManyDigits()
  const value = wholeNumber(digits, base)
  return value !== undefined && found?.[1] === '-' ? -value : value
}

// The digits of the bases that JavaScript reads at once.
const PLAIN: Readonly<Record<number, RegExp>> = { 2: /^[01]+$/, 8: /^[0-7]+$/, 16: /^[\da-f]+$/i }
const PREFIX: Readonly<Record<number, string>> = { 2: 'b', 8: 'o', 16: 'x' }

function wholeNumber(digits: string, base: number) {
  if (base === 10 && /^\d+$/.test(digits)) return BigInt(digits)
  if (base !== 10 && PLAIN[base]?.test(digits) === true) return BigInt(`0${PREFIX[base]}${digits}`)
  let value = 0n
  for (const digit of digits) {
    const worth = Number.parseInt(digit, 36)
    if (worth >= base) return undefined
    value = value * BigInt(base) + BigInt(worth)
  }
  return value
}

// The blanks that may be around a number, once those of other scripts are blanks.
const BLANKS = '[ \\t\\n\\v\\f\\r]*'
const DIGITS = '\\d+(?:_\\d+)*'
const FLOAT = new RegExp(
  `^${BLANKS}[+-]?(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?${BLANKS}$`,
)
const WORD = new RegExp(`^${BLANKS}([+-]?)(inf|infinity|nan)${BLANKS}$`, 'i')

/** The number that a text means to Python's `float`; undefined where it means none. */
export function parsedFloat(written: string): number | undefined {
  const text = inAsciiDigits(written)
  const [word, sign, name] = WORD.exec(text) ?? []
  if (word !== undefined) return name?.toLowerCase() === 'nan' ? Number.NaN : sign === '-' ? -Infinity : Infinity
  return FLOAT.test(text) ? Number(text.replaceAll('_', '')) : undefined
}

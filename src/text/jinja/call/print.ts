import { wholeText } from '../syntax/number.ts'
import { rewritten } from '../value/rewritten.ts'
import {
  type Budget,
  Dict,
  Markup,
  Range,
  refused,
  Thing,
  Tuple,
  tooLarge,
  Undefined,
  type Value,
  View,
} from '../value/value.ts'

const DEPTH = 200

/** A value as Python's `str` prints it. A list holds its texts in quotes; what Python prints with a memory address is refused. */
export function textOf(value: Value, budget: Budget): string {
  return typeof value === 'string' ? value : value instanceof Markup ? value.text : writtenOf(value, budget)
}

/** A value as Python's `repr` writes it: a text in quotes. */
export function writtenOf(value: Value, budget: Budget): string {
  return written(value, 0, budget)
}

function written(value: Value, depth: number, budget: Budget): string {
  if (depth > DEPTH) throw tooLarge()
  budget.spend()
  const inside = (items: readonly Value[]) => items.map((item) => written(item, depth + 1, budget)).join(', ')
  if (Array.isArray(value)) return `[${inside(value)}]`
  if (value instanceof Tuple) return `(${inside(value.items)}${value.items.length === 1 ? ',' : ''})`
  if (value instanceof Dict) return writtenDict(value, depth, budget)
  if (value instanceof Thing) return writtenThing(value, inside, budget)
  if (typeof value === 'string') return quoted(value, budget)
  if (!(value instanceof Undefined)) return budget.text(writtenScalar(value))
  if (value.isSilent && depth === 0) return ''
  throw value.fault()
}

/** A value that has no parts, as Python's `repr` writes it. */
export function writtenScalar(value: null | boolean | bigint | number): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'bigint' ? wholeText(value) : floatText(value)
}

function writtenDict(value: Dict, depth: number, budget: Budget): string {
  const pairs = value
    .entries()
    .map(([key, item]) => `${written(key, depth + 1, budget)}: ${written(item, depth + 1, budget)}`)
  return `{${pairs.join(', ')}}`
}

function writtenThing(value: Thing, inside: (items: readonly Value[]) => string, budget: Budget) {
  if (value instanceof View) return `${value.typeName}([${inside(value.items())}])`
  if (value instanceof Range) {
    const { start, stop, step } = value
    const ends = [start, stop, ...(step === 1n ? [] : [step])]
    return `range(${ends.map(wholeText).join(', ')})`
  }
  if (value instanceof Markup) return `Markup(${quoted(value.text, budget)})`
  throw refused(
    `a ${value.typeName} is printed here`,
    'print what it gives, not the thing itself: call it, or name its member',
  )
}

/** A float as Python writes it: the shortest digits that mean it, with an exponent below 1e-4 and from 1e16 on. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 16) return plainDigits(mantissa, power)
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

// The digits of a mantissa with the point where the power of ten puts it, and at least one digit behind it.
function plainDigits(mantissa: string, power: number) {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`
  const whole = digits.slice(0, power + 1).padEnd(power + 1, '0')
  return `${sign}${whole}.${digits.slice(power + 1) || '0'}`
}

const ESCAPES: Readonly<Record<string, string>> = { "'": "\\'", '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

// Characters that Python's `repr` writes by their number: those that are not printable, and every blank but the space; and the quote.
const WRITTEN_IN = { "'": /['\\\p{C}\p{Z}]/gu, '"': /[\\\p{C}\p{Z}]/gu }

function quoted(text: string, budget: Budget) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `${quote}${rewritten(text, WRITTEN_IN[quote], escaped, budget)}${quote}`
}

/** A text with every character beyond ASCII by its number (Python's `ascii`). */
export function inAscii(text: string, budget: Budget): string {
  return rewritten(text, /[^\0-\x7f]/gu, escaped, budget)
}

function escaped(character: string): string {
  if (character === ' ') return character
  const known = ESCAPES[character]
  if (known !== undefined) return known
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

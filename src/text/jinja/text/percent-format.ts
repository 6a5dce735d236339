import { inAscii, textOf, writtenOf } from '../call/print.ts'
import { floatOf, numberOf } from '../syntax/number.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { charactersIn } from '../value/iterate.ts'
import { Dict, Markup, Range, Tuple, typeOf, Undefined, unmarked, type Value } from '../value/value.ts'
import { exponential, fixed, general, inBase, wholeOf, withPoint } from './number-format.ts'

const FIELD = /%(?:\(((?:[^()]|\([^()]*\))*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([\s\S])?/g

const POINT = /^%(?:\(.*\))?[-+ #0]*(?:\*|\d+)?\./s

type MakeSafe = (text: string) => string

/**
 * `'%s is %d' % (a, b)`: printf-style formatting as Python does it. `makeSafe` makes each value safe for HTML, where the format
 * is safe; MarkupSafe then takes no `%c`, `%x`, `%o` and `*`.
 */
export function percentFormat(format: string, given: Value, budget: Budget, makeSafe?: MakeSafe): string {
  const values = new Values(given)
  const making = { budget, makeSafe }
  const made = format.replaceAll(
    FIELD,
    (field, key?: string, flags = '', width?: string, precision?: string, kind?: string) => {
      budget.spend()
      if (field === '%%') return '%'
      if (kind === undefined) throw wrong('a format ends in the middle of a field', 'write `%%` for a percent sign')
      const stars = (written: string | undefined) =>
        written === '*' ? values.star(makeSafe !== undefined) : written === undefined ? undefined : Number(written)
      const wide = stars(width)
      const points = POINT.test(field) ? Math.max(0, stars(precision) ?? 0) : undefined
      pay(budget, wide, points)
      const value = key === undefined ? values.next() : values.named(key)
      const isLeft = flags.includes('-') || (wide ?? 0) < 0
      return padded(
        converted(value, kind, flags, points, making),
        Math.abs(wide ?? 0),
        isLeft,
        flags.includes('0') && !'sracS'.includes(kind),
      )
    },
  )
  values.finish()
  return made
}

function pay(budget: Budget, width = 0, points = 0) {
  budget.grow(Math.abs(width) + points)
  budget.spend(points >> 3)
}

class Values {
  readonly #items: readonly Value[]
  readonly #mapping: Dict | undefined
  // Python takes what has items by keys for a mapping, of which not all need to be used.
  readonly #mayBeLeft: boolean
  #at = 0

  constructor(given: Value) {
    this.#items = given instanceof Tuple ? given.items : [given]
    this.#mapping = given instanceof Dict ? given : undefined
    this.#mayBeLeft = given instanceof Dict || given instanceof Range || Array.isArray(given)
  }

  next(): Value {
    if (this.#at >= this.#items.length) throw wrong('the format has more fields than there are values', 'count them')
    const value = this.#items[this.#at] ?? null
    this.#at += 1
    return value
  }

  star(isSafe: boolean) {
    if (isSafe) throw notSafe('*')
    const value = numberOf(this.next())
    if (typeof value !== 'bigint') throw wrong('`*` in a format needs a whole number')
    return Number(value)
  }

  named(key: string) {
    if (this.#mapping === undefined) throw wrong('the format names its values, and there is no mapping of them')
    this.#at = this.#items.length
    const value = this.#mapping.get(key)
    if (value === undefined) throw wrong(`the format names \`${key}\`, which is not there`)
    return value
  }

  finish() {
    if (this.#at < this.#items.length && !this.#mayBeLeft)
      throw wrong('there are more values than the format has fields', 'count them')
  }
}

interface Making {
  readonly budget: Budget
  readonly makeSafe: MakeSafe | undefined
}

interface Converted {
  // A sign or a prefix of a base, before which no zeros are put.
  readonly sign: string
  readonly text: string
}

function converted(
  value: Value,
  kind: string,
  flags: string,
  precision: number | undefined,
  { budget, makeSafe }: Making,
): Converted {
  if (value instanceof Undefined) throw value.fault()
  if ('sra'.includes(kind)) return { sign: '', text: cut(textField(value, kind, budget, makeSafe), precision) }
  if (makeSafe !== undefined && 'coxX'.includes(kind)) throw notSafe(`%${kind}`)
  if (kind === 'c') return { sign: '', text: character(value) }
  return convertedNumber(value, kind, flags, precision)
}

function textField(value: Value, kind: string, budget: Budget, makeSafe: MakeSafe = (text) => text) {
  if (kind === 's') return value instanceof Markup ? value.text : makeSafe(textOf(value, budget))
  const written = makeSafe(writtenOf(value, budget))
  return kind === 'r' ? written : inAscii(written, budget)
}

function convertedNumber(value: Value, kind: string, flags: string, precision: number | undefined): Converted {
  if (!'diouxXeEfFgG'.includes(kind)) throw wrong(`a format has no field \`%${kind}\``, 'write `%%` for a percent sign')
  const number = numberOf(value)
  if (number === undefined)
    throw wrong(`\`%${kind}\` needs a number, not a ${typeOf(value)}`, 'make a number of it: `|int`')
  const text = 'diouxX'.includes(kind)
    ? wholeText(number, kind, flags, precision)
    : floatField(floatOf(number), kind, flags, precision)
  const isNegative = text.startsWith('-')
  const plus = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const [, prefix = '', digits = ''] = /^-?(0[xXo])?([\s\S]*)$/.exec(text) ?? []
  return { sign: (isNegative ? '-' : plus) + prefix, text: digits }
}

function wholeText(number: bigint | number, kind: string, flags: string, precision: number | undefined) {
  if (typeof number === 'number' && 'oxX'.includes(kind))
    throw wrong(`\`%${kind}\` needs a whole number, not a float`, 'make one: `|int`')
  const base = kind === 'o' ? 8 : kind.toLowerCase() === 'x' ? 16 : 10
  const whole = wholeOf(number)
  const digits = inBase(whole < 0n ? -whole : whole, base).padStart(precision ?? 0, '0')
  const prefix = !flags.includes('#') || base === 10 ? '' : base === 8 ? '0o' : '0x'
  const text = `${whole < 0n ? '-' : ''}${prefix}${digits}`
  return kind === 'X' ? text.toUpperCase() : text
}

function floatField(value: number, kind: string, flags: string, precision = 6) {
  const small = kind.toLowerCase()
  const text =
    small === 'f'
      ? fixed(value, precision)
      : small === 'e'
        ? exponential(value, precision)
        : general(value, precision, flags.includes('#'))
  const shown = flags.includes('#') ? withPoint(text) : text
  return kind === small ? shown : shown.toUpperCase()
}

function notSafe(field: string): Error {
  return wrong(`a format that was made safe for HTML takes no \`${field}\``, 'format first, and make it safe then')
}

function character(given: Value) {
  const value = unmarked(given)
  if (typeof value === 'string' && charactersIn(value) === 1) return value
  const number = numberOf(value)
  if (typeof number === 'bigint' && number >= 0n && number < 0x11_00_00n) return String.fromCodePoint(Number(number))
  throw wrong('`%c` needs one character, or its number')
}

function cut(text: string, precision: number | undefined) {
  return precision === undefined ? text : [...text].slice(0, precision).join('')
}

function padded({ sign, text }: Converted, width: number, isLeft: boolean, withZeros: boolean) {
  const missing = Math.max(0, width - sign.length - charactersIn(text))
  if (isLeft) return sign + text + ' '.repeat(missing)
  return withZeros ? sign + '0'.repeat(missing) + text : ' '.repeat(missing) + sign + text
}

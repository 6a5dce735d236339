import { floatText, inAscii, textOf, writtenOf } from '../call/print.ts'
import { floatOf, numberOf, wholeText } from '../syntax/number.ts'
import {
  type Budget,
  charactersIn,
  Dict,
  Markup,
  Range,
  Tuple,
  typeOf,
  Undefined,
  unmarked,
  type Value,
  wrong,
} from '../value/value.ts'

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
    ? wholeNumber(number, kind, flags, precision)
    : floatField(floatOf(number), kind, flags, precision)
  const isNegative = text.startsWith('-')
  const plus = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const [, prefix = '', digits = ''] = /^-?(0[xXo])?([\s\S]*)$/.exec(text) ?? []
  return { sign: (isNegative ? '-' : plus) + prefix, text: digits }
}

function wholeNumber(number: bigint | number, kind: string, flags: string, precision: number | undefined) {
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

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u

interface Spec {
  readonly fill: string
  readonly align: string | undefined
  readonly zeros: boolean
  // `-`, `+` or a blank; undefined where none is written, which is `-` for a number.
  readonly sign: string | undefined
  readonly plainZero: boolean
  readonly alternate: boolean
  readonly width: number
  readonly grouping: string
  readonly precision: number | undefined
  readonly kind: string | undefined
}

/** What `{:…}` makes of a value: Python's format specification mini-language for texts and numbers. */
export function formatted(value: Value, written: string, budget: Budget): string {
  if (value instanceof Undefined) throw value.fault()
  if (written === '') return textOf(value, budget)
  if (value instanceof Markup) return formatted(value.text, written, budget)
  const spec = specOf(written)
  budget.grow(spec.width + (spec.precision ?? 0))
  budget.spend((spec.precision ?? 0) >> 3)
  if (typeof value === 'string') return formattedText(value, spec)
  if (typeof value === 'bigint' || typeof value === 'boolean') return formattedWhole(BigInt(value), spec)
  if (typeof value === 'number') return formattedFloat(value, spec)
  throw wrong(`a ${typeOf(value)} has no format`, 'give a text or a number')
}

function specOf(written: string): Spec {
  const found = SPEC.exec(written)
  if (found === null) throw wrong(`\`${written}\` is no format`, 'for example `{:03d}` or `{:<10}`')
  const [, fill, align, sign, plainZero, alternate, zero, width, grouping = '', precision, kind] = found
  if (!mayGroup(grouping, kind)) throw wrong(`\`${grouping}\` does not go with \`${kind}\` in a format`, 'leave it out')
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align,
    zeros: zero !== undefined,
    sign,
    plainZero: plainZero !== undefined,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    kind,
  }
}

function mayGroup(grouping: string, kind = 'd') {
  return grouping === '' || 'deEfFgG%'.includes(kind) || (grouping === '_' && 'boxX'.includes(kind))
}

function formattedText(text: string, spec: Spec) {
  const unfit = spec.sign !== undefined || spec.plainZero || spec.alternate || spec.grouping !== ''
  if (unfit || (spec.kind ?? 's') !== 's' || spec.align === '=')
    throw wrong('the format is for numbers, and the value is a text', 'make a number of it: `|int`')
  const shown = spec.precision === undefined ? text : [...text].slice(0, spec.precision).join('')
  return filled('', shown, { ...spec, align: spec.align ?? '<' })
}

function formattedWhole(value: bigint, spec: Spec) {
  const kind = spec.kind ?? 'd'
  if ('eEfFgG%'.includes(kind)) return formattedFloat(floatOf(value), spec)
  if (spec.precision !== undefined)
    throw wrong('a whole number has no digits behind a point', 'make a float of it: `|float`')
  if (spec.plainZero) throw wrong('`z` in a format is for floats', 'leave it out')
  if (kind === 's') throw wrong('the format is for texts, and the value is a number', 'make a text of it: `|string`')
  if (kind === 'c') return formattedCharacter(value, spec)
  const base = BASES[kind.toLowerCase()] ?? 10
  const digits = inBase(value < 0n ? -value : value, base)
  const prefix = spec.alternate && base !== 10 ? `0${kind}` : ''
  const shown = kind === 'X' ? digits.toUpperCase() : digits
  return filled(signOf(value < 0n, spec) + prefix, shown, { ...spec, align: numberAlign(spec) }, base === 10 ? 3 : 4)
}

function formattedCharacter(value: bigint, spec: Spec) {
  if (spec.sign !== undefined || spec.alternate)
    throw wrong('`c` in a format makes a character, which has no sign and no prefix', 'leave them out')
  if (value < 0n || value > 0x10_ff_ffn) throw wrong('there is no character of this number')
  return filled('', String.fromCodePoint(Number(value)), { ...spec, align: numberAlign(spec) })
}

const BASES: Readonly<Record<string, 2 | 8 | 16>> = { b: 2, o: 8, x: 16 }

function formattedFloat(value: number, spec: Spec) {
  const kind = spec.kind ?? ''
  if (kind !== '' && !'eEfFgGn%'.includes(kind))
    throw wrong(`the format \`${kind}\` is for whole numbers, and the value is a float`, 'make one: `|int`')
  const text = floatDigits(Math.abs(value), kind, spec)
  const isZero = /^[0.]+(?:e|%|$)/.test(text)
  const isNegative = (value < 0 || Object.is(value, -0)) && !(spec.plainZero && isZero)
  const shown = kind !== kind.toLowerCase() ? text.toUpperCase() : text
  const grouping = Number.isFinite(value) ? spec.grouping : ''
  return filled(signOf(isNegative, spec), shown, { ...spec, grouping, align: numberAlign(spec) }, 3)
}

function floatDigits(size: number, kind: string, { precision, alternate }: Spec) {
  const shown = alternate ? withPoint : (text: string) => text
  if (kind === '') return shown(precision === undefined ? floatText(size) : shortest(size, precision, alternate))
  const places = precision ?? 6
  if (kind === '%') return `${shown(fixed(size * 100, places))}%`
  const small = kind.toLowerCase()
  if (small === 'f') return shown(fixed(size, places))
  return shown(small === 'e' ? exponential(size, places) : general(size, places, alternate))
}

function shortest(size: number, precision: number, alternate: boolean) {
  const text = general(size, precision, alternate, Math.max(1, precision) - 1)
  return /^\d+$/.test(text) ? `${text}.0` : text
}

function numberAlign({ align, zeros }: Spec) {
  return align ?? (zeros ? '=' : '>')
}

function signOf(isNegative: boolean, { sign }: Spec) {
  return isNegative ? '-' : sign === '-' ? '' : (sign ?? '')
}

function filled(sign: string, digits: string, spec: Spec, groupSize = 3) {
  const text = spec.grouping === '' ? digits : grouped(digits, spec, groupSize, spec.width - sign.length)
  const missing = Math.max(0, spec.width - sign.length - charactersIn(text))
  if (spec.align === '<') return sign + text + spec.fill.repeat(missing)
  if (spec.align === '=') return sign + spec.fill.repeat(missing) + text
  if (spec.align !== '^') return spec.fill.repeat(missing) + sign + text
  const left = Math.floor(missing / 2)
  return spec.fill.repeat(left) + sign + text + spec.fill.repeat(missing - left)
}

const DECIMAL = /^(\d*)([\s\S]*)$/
const HEXADECIMAL = /^([\da-fA-F]*)([\s\S]*)$/

function grouped(digits: string, { grouping, fill, align }: Spec, size: number, width: number) {
  const [, whole = '', rest = ''] = (size === 3 ? DECIMAL : HEXADECIMAL).exec(digits) ?? []
  const split = (text: string) => text.replace(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, 'g'), grouping)
  let text = whole
  while (fill === '0' && align === '=' && split(text).length + rest.length < width) text = `0${text}`
  const shown = split(text)
  return (
    (shown.length + rest.length > width && text !== whole && shown.startsWith(grouping) ? shown.slice(1) : shown) + rest
  )
}

function exactDecimal(value: number) {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(value))
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xf_ffff_ffff_ffffn
  const mantissa = exponent === 0 ? fraction : fraction | 0x10_0000_0000_0000n
  const power = (exponent === 0 ? 1 : exponent) - 1075
  return power >= 0
    ? { digits: mantissa << BigInt(power), scale: 0 }
    : { digits: mantissa * 5n ** BigInt(-power), scale: -power }
}

function scaledDown(digits: bigint, power: number) {
  if (power <= 0) return digits * 10n ** BigInt(-power)
  const divisor = 10n ** BigInt(power)
  const [cut, rest] = [digits / divisor, digits % divisor]
  const isUp = rest * 2n > divisor || (rest * 2n === divisor && cut % 2n === 1n)
  return isUp ? cut + 1n : cut
}

function sign(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : ''
}

/** A float with so many digits behind the point, as C's `%f` prints it: rounded exactly, halves to even. */
export function fixed(value: number, places: number): string {
  if (!Number.isFinite(value)) return notFinite(value)
  const { digits, scale } = exactDecimal(value)
  const text = scaledDown(digits, scale - places)
    .toString()
    .padStart(places + 1, '0')
  const point = text.length - places
  return sign(value) + (places === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`)
}

// A float with an exponent, as C's `%e` prints it.
function exponential(value: number, places: number) {
  if (!Number.isFinite(value)) return notFinite(value)
  const { digits, power } = significant(value, places + 1)
  const mantissa = places === 0 ? digits : `${digits[0]}.${digits.slice(1)}`
  const size = Math.abs(power)
  return `${sign(value)}${mantissa}e${power < 0 ? '-' : '+'}${String(size).padStart(2, '0')}`
}

// A float in the shorter of the two forms, as C's `%g` prints it. `exponentFrom` is the power of ten from which on it has an
// exponent: the precision, where nothing is given.
function general(value: number, precision: number, keepsZeros = false, exponentFrom?: number) {
  if (!Number.isFinite(value)) return notFinite(value)
  const count = precision === 0 ? 1 : precision
  const { power } = significant(value, count)
  const isExponential = power < -4 || power >= (exponentFrom ?? count)
  const text = isExponential ? exponential(value, count - 1) : fixed(value, count - 1 - power)
  if (keepsZeros || !text.includes('.')) return text
  return text.replace(/\.?0+(?=e|$)/, '')
}

// The digits of a float with a point also where none follows it, as the flag `#` of C's formats asks for.
function withPoint(text: string) {
  return text.replace(/^(-?\d+)(?=e|$)/, '$1.')
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}

function significant(value: number, count: number) {
  if (value === 0) return { digits: '0'.repeat(count), power: 0 }
  const exact = exactDecimal(value)
  const power = exact.digits.toString().length - 1 - exact.scale
  const digits = scaledDown(exact.digits, exact.scale - (count - 1 - power)).toString()
  return digits.length > count ? { digits: digits.slice(0, count), power: power + 1 } : { digits, power }
}

/** A float rounded to so many digits behind the point, as Python's `round` does it: halves of the exact value to even. */
export function rounded(value: number, places: number): number {
  if (!Number.isFinite(value) || places > 330) return value
  if (places < -310) return value < 0 ? -0 : 0
  if (places >= 0) return Number(fixed(value, places))
  const { digits, scale } = exactDecimal(value)
  return Number(`${sign(value)}${scaledDown(digits, scale - places)}e${-places}`)
}

// Of the decimal digits Python writes so many and no more.
function inBase(value: bigint, base: 2 | 8 | 10 | 16, prefix = '') {
  const size = value < 0n ? -value : value
  return `${value < 0n ? '-' : ''}${prefix}${base === 10 ? wholeText(size) : size.toString(base)}`
}

function wholeOf(value: bigint | number) {
  if (typeof value === 'bigint') return value
  if (!Number.isFinite(value)) throw wrong(`${value} is no whole number`)
  return BigInt(Math.trunc(value))
}

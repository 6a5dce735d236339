import { floatText, textOf } from '../call/print.ts'
import { floatOf } from '../syntax/number.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { charactersIn } from '../value/iterate.ts'
import { Markup, typeOf, Undefined, type Value } from '../value/value.ts'
import { exponential, fixed, general, inBase, withPoint } from './number-format.ts'

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

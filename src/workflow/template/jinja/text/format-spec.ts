import { wrong } from '../fault.ts'
import type { Budget } from '../run/budget.ts'
import { charactersIn } from '../value/iterate.ts'
import { floatOf } from '../value/number.ts'
import { floatText, textOf } from '../value/print.ts'
import { typeOf, Undefined, type Value } from '../value/value.ts'
import { exponential, fixed, general, inBase } from './number-format.ts'

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u

interface Spec {
  readonly fill: string
  readonly align: string | undefined
  readonly sign: string
  readonly alternate: boolean
  readonly width: number
  readonly grouping: string
  readonly precision: number | undefined
  readonly kind: string | undefined
}

/** What `{:…}` makes of a value: Python's format specification mini-language for texts and numbers. */
export function formatted(value: Value, written: string, budget: Budget): string {
  if (value instanceof Undefined) throw value.fault()
  if (written === '') return textOf(value)
  const spec = specOf(written)
  budget.grow(spec.width + (spec.precision ?? 0))
  if (typeof value === 'string') return formattedText(value, spec)
  if (typeof value === 'boolean' && spec.kind === undefined) return formattedText(textOf(value), spec)
  if (typeof value === 'bigint' || typeof value === 'boolean') return formattedWhole(BigInt(value), spec)
  if (typeof value === 'number') return formattedFloat(value, spec)
  throw wrong(`a ${typeOf(value)} has no format`, 'give a text or a number')
}

function specOf(written: string): Spec {
  const found = SPEC.exec(written)
  if (found === null || found[4] !== undefined)
    throw wrong(`\`${written}\` is no format`, 'for example `{:03d}` or `{:<10}`')
  const [, fill, align, sign = '-', , alternate, zero, width, grouping = '', precision, kind] = found
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? (zero === undefined ? undefined : '='),
    sign,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    kind,
  }
}

function formattedText(text: string, spec: Spec): string {
  const unfit = spec.sign !== '-' || spec.alternate || spec.grouping !== '' || (spec.kind ?? 's') !== 's'
  if (unfit || (spec.align === '=' && spec.fill !== '0'))
    throw wrong('the format is for numbers, and the value is a text', 'make a number of it: `|int`')
  if (spec.align === '=') throw wrong('zeros before a text', 'make a number of it: `|int`')
  const shown = spec.precision === undefined ? text : [...text].slice(0, spec.precision).join('')
  return filled('', shown, { ...spec, align: spec.align ?? '<' })
}

function formattedWhole(value: bigint, spec: Spec): string {
  const kind = spec.kind ?? 'd'
  if ('eEfFgG%'.includes(kind)) return formattedFloat(floatOf(value), spec)
  if (spec.precision !== undefined)
    throw wrong('a whole number has no digits behind a point', 'make a float of it: `|float`')
  if (kind === 's') throw wrong('the format is for texts, and the value is a number', 'make a text of it: `|string`')
  if (kind === 'c') return filled('', String.fromCodePoint(Number(value)), { ...spec, align: spec.align ?? '<' })
  const base = BASES[kind.toLowerCase()] ?? 10
  const digits = inBase(value < 0n ? -value : value, base)
  const prefix = spec.alternate && base !== 10 ? `0${kind}` : ''
  const shown = kind === 'X' ? digits.toUpperCase() : digits
  return filled(signOf(value < 0n, spec) + prefix, shown, { ...spec, align: spec.align ?? '>' }, base === 10 ? 3 : 4)
}

const BASES: Readonly<Record<string, 2 | 8 | 16>> = { b: 2, o: 8, x: 16 }

function formattedFloat(value: number, spec: Spec): string {
  const kind = spec.kind ?? ''
  if (kind !== '' && !'eEfFgGn%'.includes(kind))
    throw wrong(`the format \`${kind}\` is for whole numbers, and the value is a float`, 'make one: `|int`')
  const isNegative = value < 0 || Object.is(value, -0)
  const text = floatDigits(Math.abs(value), kind, spec)
  const shown = kind !== kind.toLowerCase() ? text.toUpperCase() : text
  return filled(signOf(isNegative, spec), shown, { ...spec, align: spec.align ?? '>' }, 3)
}

function floatDigits(size: number, kind: string, { precision, alternate }: Spec): string {
  if (kind === '') return precision === undefined ? floatText(size) : shortest(size, precision)
  const places = precision ?? 6
  if (kind === '%') return `${fixed(size * 100, places)}%`
  const small = kind.toLowerCase()
  if (small === 'f') return fixed(size, places)
  return small === 'e' ? exponential(size, places) : general(size, places, alternate)
}

/** A float with a precision and no kind: like `g`, with at least one digit behind the point. */
function shortest(size: number, precision: number): string {
  const text = general(size, precision)
  if (text.includes('e') || text.includes('.') || !/^\d+$/.test(text)) return text
  return text.length >= precision && precision > 0
    ? exponential(size, precision - 1).replace(/\.?0+e/, 'e')
    : `${text}.0`
}

function signOf(isNegative: boolean, { sign }: Spec): string {
  return isNegative ? '-' : sign === '-' ? '' : sign
}

function filled(sign: string, digits: string, spec: Spec, groupSize = 3): string {
  const text = spec.grouping === '' ? digits : grouped(digits, spec, groupSize, spec.width - sign.length)
  const missing = Math.max(0, spec.width - sign.length - charactersIn(text))
  if (spec.align === '<') return sign + text + spec.fill.repeat(missing)
  if (spec.align === '=') return sign + spec.fill.repeat(missing) + text
  if (spec.align !== '^') return spec.fill.repeat(missing) + sign + text
  const left = Math.floor(missing / 2)
  return spec.fill.repeat(left) + sign + text + spec.fill.repeat(missing - left)
}

/** Digits in groups; zeros before them are grouped too. */
function grouped(digits: string, { grouping, fill, align }: Spec, size: number, width: number): string {
  const [, whole = '', rest = ''] = /^([\da-fA-F]*)([\s\S]*)$/.exec(digits) ?? []
  const split = (text: string) => text.replace(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, 'g'), grouping)
  let text = whole
  while (fill === '0' && align === '=' && split(text).length + rest.length < width) text = `0${text}`
  const shown = split(text)
  return (
    (shown.length + rest.length > width && text !== whole && shown.startsWith(grouping) ? shown.slice(1) : shown) + rest
  )
}

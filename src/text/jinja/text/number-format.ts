import { wholeText } from '../syntax/number.ts'
import { wrong } from '../value/value.ts'

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

/** A float with an exponent, as C's `%e` prints it. */
export function exponential(value: number, places: number): string {
  if (!Number.isFinite(value)) return notFinite(value)
  const { digits, power } = significant(value, places + 1)
  const mantissa = places === 0 ? digits : `${digits[0]}.${digits.slice(1)}`
  const size = Math.abs(power)
  return `${sign(value)}${mantissa}e${power < 0 ? '-' : '+'}${String(size).padStart(2, '0')}`
}

/**
 * A float in the shorter of the two forms, as C's `%g` prints it. `exponentFrom` is the power of ten from which on it has an
 * exponent: the precision, where nothing is given.
 */
export function general(value: number, precision: number, keepsZeros = false, exponentFrom?: number): string {
  if (!Number.isFinite(value)) return notFinite(value)
  const count = precision === 0 ? 1 : precision
  const { power } = significant(value, count)
  const isExponential = power < -4 || power >= (exponentFrom ?? count)
  const text = isExponential ? exponential(value, count - 1) : fixed(value, count - 1 - power)
  if (keepsZeros || !text.includes('.')) return text
  return text.replace(/\.?0+(?=e|$)/, '')
}

/** The digits of a float with a point also where none follows it, as the flag `#` of C's formats asks for. */
export function withPoint(text: string): string {
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

/** Of the decimal digits Python writes so many and no more. */
export function inBase(value: bigint, base: 2 | 8 | 10 | 16, prefix = ''): string {
  const size = value < 0n ? -value : value
  return `${value < 0n ? '-' : ''}${prefix}${base === 10 ? wholeText(size) : size.toString(base)}`
}

export function wholeOf(value: bigint | number): bigint {
  if (typeof value === 'bigint') return value
  if (!Number.isFinite(value)) throw wrong(`${value} is no whole number`)
  return BigInt(Math.trunc(value))
}

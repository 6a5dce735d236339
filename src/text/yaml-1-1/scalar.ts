import { WholeFloat } from '../../model/json.ts'

const PARTS =
  /^([0-9]{4})-([0-9][0-9]?)-([0-9][0-9]?)(?:(?:[Tt]|[ \t]+)([0-9][0-9]?):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(Z|([-+])([0-9][0-9]?)(?::([0-9]{2}))?))?)?$/

function isoTime(text: string) {
  const [found, year, month, day, hour, minute, second, fraction, zone, sign, zoneHour, zoneMinute] =
    PARTS.exec(text) ?? []
  if (found === undefined || !isDay(Number(year), Number(month), Number(day))) return undefined
  const date = `${year}-${two(month)}-${two(day)}`
  if (hour === undefined) return date
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const micro = (fraction ?? '').slice(0, 6).padEnd(6, '0')
  const offset =
    zone === undefined ? '' : zone === 'Z' ? '+00:00' : offsetOf(sign ?? '', Number(zoneHour), Number(zoneMinute ?? 0))
  if (offset === undefined) return undefined
  return `${date}T${two(hour)}:${minute}:${second}${micro === '000000' ? '' : `.${micro}`}${offset}`
}

function two(digits: string | undefined) {
  return (digits ?? '').padStart(2, '0')
}

// Python's timezone takes less than a day, minutes of any number.
function offsetOf(sign: string, hours: number, minutes: number) {
  const whole = hours * 60 + minutes
  if (whole >= 24 * 60) return undefined
  return `${whole === 0 ? '+' : sign}${two(String(Math.floor(whole / 60)))}:${two(String(whole % 60))}`
}

function isDay(year: number, month: number, day: number) {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return year > 0 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

export type Scalar = null | boolean | number | bigint | string | WholeFloat

export type ScalarKind = 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'merge' | 'value' | 'str'

// PyYAML's own patterns (yaml/resolver.py of PyYAML 6.0).
const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const NULL = /^(?:~|null|Null|NULL|)$/
const TIMESTAMP =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)$/

// The first characters of what may be something else than a text.
const SPECIAL = new Set('yYnNtTfFoO-+0123456789.~<=')

// `false`, of the words that are no text.
const LONGEST_WORD = 5

export function kindOfPlain(text: string): ScalarKind {
  if (text === '') return 'null'
  const first = text.charAt(0)
  if (!SPECIAL.has(first)) return 'str'
  const code = first.charCodeAt(0)
  if (code >= 0x2b && code <= 0x39) return kindOfNumber(text)
  if (text.length > LONGEST_WORD) return 'str'
  if (BOOL.test(text)) return 'bool'
  if (NULL.test(text)) return 'null'
  return text === '<<' ? 'merge' : text === '=' ? 'value' : 'str'
}

function kindOfNumber(text: string): ScalarKind {
  if (FLOAT.test(text)) return 'float'
  if (INT.test(text)) return 'int'
  return TIMESTAMP.test(text) ? 'timestamp' : 'str'
}

/** The value of a scalar of a kind; undefined where its text cannot be that. */
export function scalarOf(kind: ScalarKind, text: string): Scalar | undefined {
  switch (kind) {
    case 'null':
      return null
    case 'bool':
      return TRUTHS[text.toLowerCase()]
    case 'int':
      return wholeOf(text)
    case 'float':
      return floatOf(text)
    case 'timestamp':
      return isoTime(text)
    default:
      return text
  }
}

const TRUTHS: Readonly<Record<string, boolean>> = {
  yes: true,
  true: true,
  on: true,
  no: false,
  false: false,
  off: false,
}
/** A whole number that needs no second look. */
export const SIMPLE = /^[1-9][0-9]{0,14}$/
const BASES: readonly (readonly [RegExp, string])[] = [
  [/^0b([01]+)$/, '0b'],
  [/^0x([0-9a-fA-F]+)$/, '0x'],
  [/^0([0-7]+)$/, '0o'],
]

function wholeOf(written: string) {
  if (SIMPLE.test(written)) return Number(written)
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(written.replaceAll('_', '')) ?? []
  const value = magnitude(digits)
  if (value === undefined) return undefined
  return exactWhole(sign === '-' ? -value : value)
}

export function exactWhole(value: bigint): number | bigint {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

function magnitude(digits: string) {
  if (digits === '0') return 0n
  for (const [pattern, prefix] of BASES) {
    const found = pattern.exec(digits)?.[1]
    if (found !== undefined) return BigInt(prefix + found)
  }
  if (!/^[0-9]+(?::[0-9]+)*$/.test(digits) || (digits.startsWith('0') && !digits.includes(':'))) return undefined
  return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
}

function floatOf(written: string) {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(written.replaceAll('_', '').toLowerCase()) ?? []
  if (digits === '.nan') return Number.NaN
  const value = digits === '.inf' ? Number.POSITIVE_INFINITY : sexagesimal(digits)
  if (value === undefined) return undefined
  return exactFloat(sign === '-' ? -value : value)
}

function sexagesimal(digits: string) {
  if (!/^(?:[0-9]+:)*(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(digits)) return undefined
  let [value, base] = [0, 1]
  for (const part of digits.split(':').reverse()) {
    value += Number(part) * base
    base *= 60
  }
  return value
}

export function exactFloat(value: number): number | WholeFloat {
  return Number.isInteger(value) ? new WholeFloat(value) : value
}

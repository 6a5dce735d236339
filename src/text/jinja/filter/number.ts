import { type Args, countIn, type Filters, filter, isTrue, plainFilter } from '../call/arguments.ts'
import { combined, floatPower, flooredQuotient } from '../object/arithmetic.ts'
import { floatOf, numberOf, parsedFloat, parsedInt } from '../syntax/number.ts'
import { rounded } from '../text/percent-format.ts'
import { type Budget, refused, typeOf, type Value, wrong } from '../value/value.ts'

/** Filters of numbers: Jinja2's, and Ansible's `log`, `pow` and `root`. */
export const NUMBER_FILTERS: Filters = {
  abs: filter('', (value) => {
    const number = numeric(value)
    return number < 0 || Object.is(number, -0) ? -number : number
  }),
  int: plainFilter('default? base?', asInt),
  float: plainFilter('default?', (value, [otherwise = 0]) => {
    const number = typeof value === 'string' ? parsedFloat(value) : numberOf(value)
    return number === undefined ? otherwise : floatOf(number)
  }),
  round: filter('precision? method?', round),
}

/** Ansible's mathematics, which always gives floats. */
export const ANSIBLE_NUMBER_FILTERS: Filters = {
  log: filter('base?', (value, [base]) =>
    logarithm(floatOf(numeric(value)), base === undefined ? Math.E : floatOf(numeric(base))),
  ),
  pow: filter('y', (value, [exponent = null]) => floatPower(floatOf(numeric(value)), floatOf(numeric(exponent)))),
  root: filter('base?', (value, [base = 2n]) => {
    const [of, degree] = [floatOf(numeric(value)), floatOf(numeric(base))]
    if (of < 0) throw wrong('a negative number has no root here')
    return degree === 2 ? Math.sqrt(of) : floatPower(of, 1 / degree)
  }),
}

function numeric(value: Value) {
  const number = numberOf(value)
  if (number === undefined) throw wrong(`a number is needed, not a ${typeOf(value)}`, 'make one: `|int` or `|float`')
  return number
}

function asInt(value: Value, [otherwise = 0n, base = 10n]: Args, budget: Budget) {
  if (typeof value === 'string') {
    budget.spend(value.length >> 4)
    const radix = countIn(base, 'the base')
    if (radix !== 2 && radix !== 8 && radix !== 10 && radix !== 16)
      throw refused('a number of this base is not read here', 'give 2, 8, 10 or 16')
    const whole = parsedInt(value, radix)
    if (whole !== undefined) return whole
  }
  const number = typeof value === 'string' ? parsedFloat(value) : numberOf(value)
  if (number === undefined || Number.isNaN(number)) return otherwise
  if (typeof number === 'bigint') return number
  if (!Number.isFinite(number)) throw wrong('infinity is no whole number')
  return BigInt(Math.trunc(number))
}

function round(value: Value, [precision = 0n, method = 'common']: Args, budget: Budget) {
  const number = numeric(value)
  const places = countIn(precision, 'the precision')
  if (method === 'common') return typeof number === 'bigint' ? roundedWhole(number, places) : rounded(number, places)
  if (method !== 'floor' && method !== 'ceil') throw wrong('a number is rounded `common`, `floor` or `ceil`')
  const scale = combined('**', 10n, BigInt(places), budget)
  const scaled = combined('*', number, scale, budget)
  const cut = typeof scaled === 'number' ? BigInt(method === 'floor' ? Math.floor(scaled) : Math.ceil(scaled)) : scaled
  return combined('/', cut, scale, budget)
}

function roundedWhole(number: bigint, places: number) {
  if (places >= 0) return number
  const unit = 10n ** BigInt(Math.min(-places, 5000))
  const cut = flooredQuotient(number, unit)
  const twice = (number - cut * unit) * 2n
  const isUp = twice > unit || (twice === unit && cut % 2n !== 0n)
  return (isUp ? cut + 1n : cut) * unit
}

function logarithm(value: number, base: number) {
  if (value <= 0 || base <= 0 || base === 1) throw wrong('this number has no logarithm')
  const ten = Math.round(Math.log10(value))
  if (base === 10 && Number.isInteger(value) && ten < 23 && 10n ** BigInt(Math.max(0, ten)) === BigInt(value))
    return ten
  const isOfTwo = (number: number) => 2 ** Math.round(Math.log2(number)) === number
  if (base === 10 || !isOfTwo(value) || !isOfTwo(base))
    throw refused('this logarithm is rounded otherwise in Python', 'prepare the value before')
  return Math.log(value) / Math.log(base)
}

/** Ansible's `bool`: yes, on, 1 and true are true, everything else is false. */
export function asBool(value: Value): Value {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return ['yes', 'on', '1', 'true'].includes(value.toLowerCase())
  const number = numberOf(value)
  return number !== undefined && Number(number) === 1 && isTrue(value)
}

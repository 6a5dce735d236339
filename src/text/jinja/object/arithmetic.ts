import type { BinaryOperator } from '../syntax/nodes.ts'
import { floatOf, numberOf } from '../syntax/number.ts'
import { percentFormat } from '../text/percent-format.ts'
import type { Budget } from '../value/budget.ts'
import { refused, wrong } from '../value/fault.ts'
import { Markup, sequenceOf, Tuple, typeOf, Undefined, unmarked, type Value } from '../value/value.ts'
import { escaped, escapedHtml } from './markup.ts'

interface Numbers {
  readonly whole: (left: bigint, right: bigint, budget: Budget) => Value
  readonly float: (left: number, right: number) => Value
}

/** What an operator makes of two values, as Python does. */
export function combined(operator: BinaryOperator, left: Value, right: Value, budget: Budget): Value {
  for (const value of [left, right]) if (value instanceof Undefined) throw value.fault()
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a !== undefined && b !== undefined) return calculated(operator, a, b, budget)
  if (left instanceof Markup || right instanceof Markup) return ofMarkup(operator, left, right, budget)
  if (operator === '+') return joined(left, right, budget)
  if (operator === '*') return repeated(left, right, budget)
  if (operator === '%' && typeof left === 'string') return budget.text(percentFormat(left, right, budget))
  throw mismatch(operator, left, right)
}

function ofMarkup(operator: BinaryOperator, left: Value, right: Value, budget: Budget): Value {
  const isText = (value: Value) => typeof value === 'string' || value instanceof Markup
  if (operator === '+' && isText(left) && isText(right))
    return new Markup(budget.text(escaped(left, budget) + escaped(right, budget)))
  if (operator === '%' && left instanceof Markup) return markupFormat(left, right, budget)
  if (operator === '%' && typeof left === 'string') return budget.text(percentFormat(left, right, budget))
  const text = operator === '*' ? repeated(unmarked(left), unmarked(right), budget) : undefined
  if (typeof text !== 'string') throw mismatch(operator, left, right)
  return new Markup(text)
}

/** `'…'|safe % values`: the format is kept, and each value is made safe. */
export function markupFormat({ text }: Markup, given: Value, budget: Budget): Markup {
  return new Markup(budget.text(percentFormat(text, given, budget, (one) => escapedHtml(one, budget))))
}

/** A value with a sign before it. */
export function signed(value: Value, isNegative: boolean): Value {
  if (value instanceof Undefined) throw value.fault()
  const number = numberOf(value)
  if (number === undefined) throw wrong(`a ${typeOf(value)} has no sign`, 'make a number of it: `|int`')
  return isNegative ? -number : number
}

function calculated(operator: BinaryOperator, a: bigint | number, b: bigint | number, budget: Budget): Value {
  if (['/', '//', '%'].includes(operator) && Number(b) === 0) throw wrong('division by zero', 'see the divisor')
  const { whole, float } = NUMBERS[operator]
  return typeof a === 'bigint' && typeof b === 'bigint' ? whole(a, b, budget) : float(floatOf(a), floatOf(b))
}

const NUMBERS: Readonly<Record<BinaryOperator, Numbers>> = {
  '+': { whole: (a, b) => a + b, float: (a, b) => a + b },
  '-': { whole: (a, b) => a - b, float: (a, b) => a - b },
  '*': {
    whole: (a, b, budget) => {
      budget.digits(digitsOf(a) + digitsOf(b))
      return a * b
    },
    float: (a, b) => a * b,
  },
  '/': { whole: quotient, float: (a, b) => a / b },
  '//': { whole: flooredQuotient, float: (a, b) => flooredFloats(a, b).quotient },
  '%': { whole: (a, b) => a - flooredQuotient(a, b) * b, float: (a, b) => flooredFloats(a, b).rest },
  '**': { whole: power, float: floatPower },
}

function quotient(a: bigint, b: bigint) {
  const [left, right] = [Number(a), Number(b)]
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left / right
  const isNegative = a < 0n !== b < 0n
  const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b]
  const shift = BigInt(Math.max(0, 66 - (top.toString(2).length - bottom.toString(2).length)))
  const scaled = (top << shift) / bottom
  const sticky = (top << shift) % bottom === 0n ? 0n : 1n
  const size = roundedFraction(scaled * 2n + sticky, Number(shift) + 1)
  return isNegative ? -size : size
}

function roundedFraction(top: bigint, shift: number) {
  const [half, rest] = [Math.floor(shift / 2), shift - Math.floor(shift / 2)]
  return floatOf(top) / 2 ** half / 2 ** rest
}

/** Divides whole numbers and rounds down, also below zero. */
export function flooredQuotient(a: bigint, b: bigint): bigint {
  const cut = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? cut - 1n : cut
}

function flooredFloats(a: number, b: number) {
  let rest = a % b
  let div = (a - rest) / b
  if (rest === 0) rest = b < 0 ? -0 : 0
  else if (b < 0 !== rest < 0) {
    rest += b
    div -= 1
  }
  if (div === 0) return { quotient: a / b < 0 ? -0 : 0, rest }
  const floor = Math.floor(div)
  return { quotient: div - floor > 0.5 ? floor + 1 : floor, rest }
}

function power(base: bigint, exponent: bigint, budget: Budget): Value {
  if (exponent < 0n) return floatPower(floatOf(base), floatOf(exponent))
  if (exponent === 0n) return 1n
  if (base === 0n || base === 1n || base === -1n) return base ** (2n - (exponent % 2n))
  budget.digits(digitsOf(base) * exponent)
  budget.spend(Number(digitsOf(base) * exponent) >> 5)
  return base ** exponent
}

/** A float raised to a float; throws where Python does, and where the result is no real number. */
export function floatPower(a: number, b: number): number {
  if (a === 0 && b < 0) throw wrong('0 cannot be raised to a negative power')
  if (a < 0 && !Number.isInteger(b)) throw wrong('a root of a negative number is no number here')
  const result = exactPower(a, b)
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) throw wrong('the number is too large')
  return result
}

// Other powers are refused, because their last digit differs between the libraries of Python and JavaScript.
function exactPower(base: number, exponent: number) {
  if (exponent === 0.5) return Math.sqrt(base)
  const isPlain = !Number.isFinite(base) || !Number.isFinite(exponent) || base === 0 || base === 1 || exponent === 0
  if (isPlain) return base ** exponent
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 1024)
    throw refused('a power of this exponent is rounded otherwise in Python', 'use a whole exponent, or 0.5')
  const { top, bottom } = asFraction(base)
  const size = BigInt(Math.abs(exponent))
  const [above, below] = exponent > 0 ? [top ** size, bottom ** size] : [bottom ** size, top ** size]
  return quotient(above, below)
}

function asFraction(value: number) {
  let bottom = 1
  let top = value
  while (!Number.isInteger(top) && bottom < 2 ** 1000) {
    top *= 2
    bottom *= 2
  }
  if (!Number.isInteger(top)) throw refused('a power of so small a number is not calculated here', 'use a larger one')
  return { top: BigInt(top), bottom: BigInt(bottom) }
}

function digitsOf(value: bigint) {
  return BigInt(value.toString().length)
}

function joined(left: Value, right: Value, budget: Budget): Value {
  if (typeof left === 'string' && typeof right === 'string') return budget.text(left + right)
  if (Array.isArray(left) && Array.isArray(right)) {
    budget.items(left.length + right.length)
    return [...left, ...right]
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    budget.rows(1, left.items.length + right.items.length)
    return new Tuple([...left.items, ...right.items])
  }
  throw mismatch('+', left, right)
}

function repeated(left: Value, right: Value, budget: Budget): Value {
  const [of, times] = typeof numberOf(left) === 'bigint' ? [right, numberOf(left)] : [left, numberOf(right)]
  const items = sequenceOf(of)
  if (typeof times !== 'bigint' || (typeof of !== 'string' && items === undefined)) throw mismatch('*', left, right)
  const count = times < 0n ? 0n : times
  if (typeof of === 'string') budget.grow(BigInt(of.length) * count)
  else budget.items(BigInt(items?.length ?? 0) * count)
  if (typeof of === 'string') return of === '' ? '' : of.repeat(Number(count))
  const empty = items === undefined || items.length === 0
  const all = empty ? [] : Array.from({ length: Number(count) }, () => items).flat()
  return of instanceof Tuple ? new Tuple(all) : all
}

function mismatch(operator: string, left: Value, right: Value): Error {
  const hint =
    operator === '+' ? 'join texts with `~`, or make numbers: `|int`' : 'see the values: `|int` makes a number'
  return wrong(`\`${operator}\` does not go with a ${typeOf(left)} and a ${typeOf(right)}`, hint)
}

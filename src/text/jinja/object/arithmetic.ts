import type { Problem } from '../../../model/error.ts'
import { nameOfKey, WholeFloat, type WrittenKey, writtenKeys } from '../../../model/json.ts'
import { type LazyList, type LazyMap, type LazyValue, ValueFault } from '../../../model/once.ts'
import { YamlFault } from '../../yaml-1-1/fault.ts'
import { NoJson, pythonJson, strictYaml11 } from '../../yaml-1-1/read.ts'
import type { BinaryOperator } from '../syntax/nodes.ts'
import { floatOf, numberOf, wholeFrom } from '../syntax/number.ts'
import { percentFormat } from '../text/percent-format.ts'
import {
  type Budget,
  Dict,
  hashOf,
  Markup,
  refused,
  sequenceOf,
  Tuple,
  typeOf,
  Undefined,
  unmarked,
  unreadable,
  type Value,
  wrong,
} from '../value/value.ts'
import { valueFrom } from './from-variables.ts'
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

/** Throws TemplateFault for other text, for what has no value here (a timestamp, a tag of Python or of Ansible), and for keys that differ in their type alone. */
export function parsedYaml(text: string, budget: Budget): Value {
  budget.grow(text.length)
  budget.spend(text.length >> 2)
  try {
    return valueMadeOf(strictYaml11(text), budget)
  } catch (thrown) {
    if (!(thrown instanceof YamlFault)) throw thrown
    const { line, column } = thrown.mark
    throw wrong(`the text is no YAML: ${thrown.message}`, `see its line ${line}, character ${column}`)
  }
}

/** The value of a JSON text, exactly: 1 is a whole number of any size, 1.0 is a float. Throws TemplateFault for other text. */
export function parsedJson(text: string): Value {
  try {
    return valueMadeOf(pythonJson(text, { tags: new Map(), markDepth: 0 }, wholeFrom))
  } catch (thrown) {
    if (!(thrown instanceof NoJson)) throw thrown
    throw wrong(thrown.message, `see character ${thrown.at + 1}`)
  }
}

function valueMadeOf(strict: unknown, budget?: Budget): Value {
  const done = new Map<object, Value>()

  function value(read: unknown): Value {
    budget?.spend()
    if (read instanceof WholeFloat) return read.value
    if (typeof read !== 'object' || read === null) return valueFrom(read)
    const known = done.get(read)
    if (known !== undefined) return known
    const made = Array.isArray(read) ? read.map((item) => value(item)) : dict(read)
    done.set(read, made)
    return made
  }

  function dict(read: object): Dict {
    const named = read as Readonly<Record<string, unknown>>
    return new Dict(writtenKeys(read).map((key) => [value(key), value(named[nameOfKey(key)])] as const))
  }

  return value(strict)
}

/**
 * A lazy value as Jinja has it: a mapping is a dict, a list is a list, and a member is read when the template asks for it. What cannot
 * be read ends the rendering with a fault that carries its problem; what is only undefined is undefined for the template too.
 */
export function lazyJinja(value: LazyValue): Value {
  if (value.kind === 'scalar') return value.isFloat === true ? Number(value.value) : valueFrom(value.value)
  return value.kind === 'list' ? listFrom(value) : new LazyDict(value)
}

/** What reading gives as Jinja has it; undefined where there is nothing. */
export function readAsJinja(read: () => LazyValue | undefined): Value | undefined {
  try {
    const value = read()
    return value === undefined ? undefined : lazyJinja(value)
  } catch (thrown) {
    if (!(thrown instanceof ValueFault)) throw thrown
    if (thrown.isUndefined) return new Unread(thrown.problem)
    throw unreadable(thrown.problem)
  }
}

// A value that is undefined because a value that it is made of is.
class Unread extends Undefined {
  readonly #problem: Problem

  constructor(problem: Problem) {
    super(problem.message, problem.hint ?? '')
    this.#problem = problem
  }

  override fault() {
    const fault = unreadable(this.#problem, 'template-undefined')
    fault.offset = this.offset
    return fault
  }
}

function listFrom(list: LazyList): Value[] {
  const items: Value[] = []
  for (let index = 0; index < list.length; index += 1) {
    const settle = (value: Value) => {
      Object.defineProperty(items, index, { value, writable: true, enumerable: true, configurable: true })
      return value
    }
    Object.defineProperty(items, index, {
      get: () => settle(readAsJinja(() => list.item(index)) ?? null),
      set: settle,
      enumerable: true,
      configurable: true,
    })
  }
  return items
}

class LazyDict extends Dict {
  readonly #source: LazyMap
  readonly #read = new Map<string, Value>()
  #isOwn = false
  #known = 0

  constructor(source: LazyMap) {
    super()
    this.#source = source
  }

  override get size() {
    return this.#isOwn ? super.size : this.#names().length
  }

  // What weighs a mapping must not ask for its keys: what was read of it is kept by whoever pins a plan to it.
  override get weight() {
    return this.#isOwn ? super.size : this.#known
  }

  override get(key: Value) {
    if (this.#isOwn) return super.get(key)
    const name = this.#nameOf(key)
    return name === undefined ? undefined : this.#member(name)
  }

  override has(key: Value) {
    if (this.#isOwn) return super.has(key)
    const name = this.#nameOf(key)
    if (name === undefined) return false
    try {
      return this.#source.member(name) !== undefined
    } catch (thrown) {
      if (thrown instanceof ValueFault) return true
      throw thrown
    }
  }

  override set(key: Value, value: Value) {
    this.#settle()
    super.set(key, value)
  }

  override delete(key: Value) {
    this.#settle()
    super.delete(key)
  }

  override clear() {
    this.#isOwn = true
    super.clear()
  }

  override keys() {
    return this.#isOwn ? super.keys() : this.#names().map((name) => this.#keyOf(name))
  }

  override entries() {
    if (this.#isOwn) return super.entries()
    return this.#names().map((name) => [this.#keyOf(name), this.#member(name) ?? null] as const)
  }

  #names() {
    const names = this.#source.keys()
    this.#known = names.length
    return names
  }

  #keyOf(name: string) {
    return valueFrom(this.#source.writtenKey?.(name) ?? name)
  }

  #nameOf(key: Value) {
    const hash = hashOf(key)
    const name = typeof key === 'string' ? key : nameOfKey(unmarkedKey(key))
    return hashOf(this.#keyOf(name)) === hash ? name : undefined
  }

  #member(name: string) {
    const known = this.#read.get(name)
    if (known !== undefined) return known
    const value = readAsJinja(() => this.#source.member(name))
    if (value !== undefined) this.#read.set(name, value)
    return value
  }

  #settle() {
    if (this.#isOwn) return
    const entries = this.entries()
    this.#isOwn = true
    for (const [key, value] of entries) super.set(key, value)
  }
}

function unmarkedKey(key: Value): WrittenKey {
  if (key instanceof Markup) return key.text
  return key === null || typeof key !== 'object' ? key : ''
}

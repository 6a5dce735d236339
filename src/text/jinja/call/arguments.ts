import { didYouMean } from '../../source/suggest.ts'
import type { ComparisonOperator } from '../syntax/nodes.ts'
import { numberOf } from '../syntax/number.ts'
import { firstIn, searchWork } from '../value/search.ts'
import {
  type Budget,
  type CallArguments,
  Dict,
  keyWork,
  lengthOf,
  Markup,
  Range,
  refused,
  sequenceOf,
  type TemplateFault,
  type TemplateRuntime,
  Tuple,
  typeOf,
  Undefined,
  unmarked,
  type Value,
  View,
  wrong,
} from '../value/value.ts'
import { textOf } from './print.ts'

export interface Call {
  readonly positional: number
  readonly named: readonly string[]
  readonly isOpen?: boolean
}

/**
 * Brings what was given into the order of a signature: names between blanks, `?` behind an optional one, `*` before one
 * that takes all further values as a tuple, `**` before one that takes all further names as a mapping. What stands behind a
 * `*` is given by its name alone.
 */
export function bound(signature: string, { positional, named }: CallArguments): (Value | undefined)[] {
  const fault = callFault(signature, { positional: positional.length, named: [...named.keys()] })
  if (fault !== undefined) throw fault
  const words = wordsOf(signature)
  return words.map(({ name, takes }, index) => {
    if (takes === 'values') return new Tuple(positional.slice(index))
    if (takes === 'names') return new Dict([...named].filter(([one]) => !words.some((word) => word.name === one)))
    return takes === 'one' && index < positional.length ? positional[index] : named.get(name)
  })
}

/** Why something with a signature cannot be called like this, or undefined where it can. */
export function callFault(signature: string, { positional, named, isOpen = false }: Call): TemplateFault | undefined {
  const words = wordsOf(signature)
  const plain = words.filter(({ takes }) => takes === 'one' || takes === 'named')
  const names = plain.map(({ name }) => name)
  const places = words.some(({ takes }) => takes === 'values')
    ? positional
    : plain.filter(({ takes }) => takes === 'one').length
  if (positional > places)
    return wrong(`${positional} values are given, and it takes ${places}`, `it takes: ${names.join(', ') || 'nothing'}`)
  const takesOthers = words.some(({ takes }) => takes === 'names')
  const unknown = takesOthers ? undefined : named.find((name) => !names.includes(name))
  if (unknown !== undefined) return wrong(`it takes no \`${unknown}\``, didYouMean(unknown, names))
  for (const [index, { name, takes, isOptional }] of plain.entries()) {
    const isPlaced = takes === 'one' && index < positional
    const isNamed = named.includes(name)
    if (isPlaced && isNamed) return wrong(`\`${name}\` is given twice`, 'give it once')
    if (!isPlaced && !isNamed && !isOpen && !isOptional)
      return wrong(`\`${name}\` is not given`, `it takes: ${names.join(', ')}`)
  }
  return undefined
}

interface Word {
  readonly name: string
  readonly takes: 'one' | 'named' | 'values' | 'names'
  readonly isOptional: boolean
}

const SIGNATURES = new Map<string, readonly Word[]>()

function wordsOf(signature: string) {
  const known = SIGNATURES.get(signature)
  if (known !== undefined) return known
  const written = signature.split(' ').filter((word) => word !== '')
  const star = written.findIndex((word) => /^\*\w/.test(word))
  const words = written.map((word, index): Word => {
    const one = star >= 0 && index > star ? 'named' : 'one'
    const takes = word.startsWith('**') ? 'names' : word.startsWith('*') ? 'values' : one
    return { name: word.replace(/^\*+/, '').replace('?', ''), takes, isOptional: word.endsWith('?') }
  })
  SIGNATURES.set(signature, words)
  return words
}

export function textIn(value: Value | undefined, what = 'it'): string {
  if (typeof value === 'string') return value
  if (value instanceof Markup) return value.text
  throw unfit(value, what, 'a text')
}

export function wholeIn(value: Value | undefined, what = 'it'): bigint {
  const number = value === undefined ? undefined : numberOf(value)
  if (typeof number === 'bigint') return number
  throw unfit(value, what, 'a whole number')
}

export function countIn(value: Value | undefined, what = 'it'): number {
  const whole = wholeIn(value, what)
  if (whole < -9_007_199_254_740_991n || whole > 9_007_199_254_740_991n) throw wrong(`${what} is too large`)
  return Number(whole)
}

export function dictIn(value: Value | undefined, what = 'it'): Dict {
  if (value instanceof Dict) return value
  throw unfit(value, what, 'a mapping')
}

function unfit(value: Value | undefined, what: string, wanted: string): Error {
  if (value instanceof Undefined) return value.fault()
  return wrong(
    `${what} must be ${wanted}, not ${value === undefined ? 'nothing' : `a ${typeOf(value)}`}`,
    `give ${wanted}`,
  )
}

// A text that reads as a number, as YAML writes them: comparing it with one is always false in Python, which nobody means.
const NUMBER = /^\s*(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|0x[\da-f]+|0o[0-7]+)\s*$/i
const NUMBER_LENGTH = 100

export function isTrue(value: Value): boolean {
  if (value === null || typeof value === 'boolean') return value === true
  if (typeof value === 'string') return value !== ''
  if (typeof value === 'bigint') return value !== 0n
  if (typeof value === 'number') return value !== 0
  if (value instanceof Undefined && !value.isSilent) throw value.fault()
  if (value instanceof Markup) return value.text !== ''
  const hasLength = Array.isArray(value) || [Tuple, Dict, Undefined, Range, View].some((type) => value instanceof type)
  return !hasLength || lengthOf(value) > 0n
}

export function isSet(value: Value | undefined): boolean {
  return value !== undefined && isTrue(value)
}

export function isEqual(first: Value, second: Value, budget: Budget): boolean {
  budget.spend()
  const [left, right] = [unmarked(first), unmarked(second)]
  for (const value of [left, right]) refuseMissing(value)
  const [a, b] = [numberOf(left), numberOf(right)]
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number are compared by value, exactly.
  if (a !== undefined && b !== undefined) return a == b
  if (typeof left === 'string' && typeof right === 'string') return areSame(left, right, budget)
  refuseTextWithNumber(left, right)
  refuseTextWithNumber(right, left)
  if (Array.isArray(left) && Array.isArray(right)) return areEqual(left, right, budget)
  if (left instanceof Tuple && right instanceof Tuple) return areEqual(left.items, right.items, budget)
  if (left instanceof Dict && right instanceof Dict) return haveEqualEntries(left, right, budget)
  if (left instanceof Undefined && right instanceof Undefined) return true
  return left === right
}

function refuseMissing(value: Value) {
  if (value instanceof Undefined && !value.isSilent) throw value.fault()
}

function areSame(left: string, right: string, budget: Budget) {
  if (left.length === right.length) budget.spend(left.length >> 12)
  return left === right
}

function refuseTextWithNumber(text: Value, number: Value) {
  if (typeof text !== 'string' || typeof number === 'boolean' || numberOf(number) === undefined) return
  if (text.length > NUMBER_LENGTH || !NUMBER.test(text)) return
  throw wrong(
    `the text '${text}' is compared with the number ${String(number)}: they are never equal`,
    'compare a text with a text, or make a number of it: `|int`',
  )
}

function areEqual(left: readonly Value[], right: readonly Value[], budget: Budget) {
  return left.length === right.length && left.every((item, index) => isEqual(item, right[index] ?? null, budget))
}

function haveEqualEntries(left: Dict, right: Dict, budget: Budget) {
  if (left.size !== right.size) return false
  return left.entries().every(([key, value]) => {
    const other = right.get(key)
    return other !== undefined && isEqual(value, other, budget)
  })
}

/** Below zero, zero or above zero, as `left` comes before `right` or not; throws for values that have no order. */
export function orderOf(first: Value, second: Value, budget: Budget): number {
  budget.spend()
  const [left, right] = [unmarked(first), unmarked(second)]
  for (const value of [left, right]) if (value instanceof Undefined) throw value.fault()
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : 0
  if (typeof left === 'string' && typeof right === 'string') {
    budget.spend(Math.min(left.length, right.length) >> 9)
    return textOrder(left, right)
  }
  const bothLists = Array.isArray(left) === Array.isArray(right)
  const [these, those] = [sequenceOf(left), sequenceOf(right)]
  if (these !== undefined && those !== undefined && bothLists) return sequenceOrder(these, those, budget)
  throw wrong(
    `a ${typeOf(left)} and a ${typeOf(right)} have no order`,
    'compare numbers with numbers and texts with texts',
  )
}

export const ORDERS = {
  '==': (order: number) => order === 0,
  '!=': (order: number) => order !== 0,
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
}

export function holds(operator: ComparisonOperator, left: Value, right: Value, budget: Budget): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right, budget)
    case '!=':
      return !isEqual(left, right, budget)
    case 'in':
      return contains(right, left, budget)
    case 'not in':
      return !contains(right, left, budget)
    default:
      return ORDERS[operator](orderOf(left, right, budget))
  }
}

/** Texts in the order of their code points. */
export function textOrder(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)]
    if (a !== b) return codePointRank(a) - codePointRank(b)
  }
  return left.length - right.length
}

function codePointRank(unit: number) {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_00_00 : unit
}

function sequenceOrder(left: readonly Value[], right: readonly Value[], budget: Budget) {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [left[at] ?? null, right[at] ?? null]
    if (!isEqual(a, b, budget)) return orderOf(a, b, budget)
  }
  return left.length - right.length
}

/** Whether `item` is in `container`: a part of a text, an item of a list, a key of a mapping. */
export function contains(container: Value, item: Value, budget: Budget): boolean {
  for (const value of [item, container]) refuseMissing(value)
  if (container instanceof Markup) return contains(container.text, item, budget)
  if (typeof container === 'string') {
    const part = unmarked(item)
    if (typeof part === 'string') {
      budget.spend(searchWork(container, part))
      return firstIn(container, part) >= 0
    }
    throw wrong(`a ${typeOf(item)} cannot be in a text`, 'make a text of it: `|string`')
  }
  const items = sequenceOf(container)
  if (items !== undefined) return items.some((other) => isEqual(other, item, budget))
  if (container instanceof Dict) return hasKey(container, item, budget)
  if (container instanceof View) return container.items().some((other) => isEqual(other, item, budget))
  if (container instanceof Range) return isInRange(container, item)
  if (container instanceof Undefined) return false
  throw wrong(`nothing is in a ${typeOf(container)}`, 'give a list, a mapping or a text behind `in`')
}

function readsAsNumber(value: Value) {
  if (typeof value === 'string') return value.length <= NUMBER_LENGTH && NUMBER.test(value)
  return typeof value !== 'boolean' && numberOf(value) !== undefined
}

function hasKey(container: Dict, item: Value, budget: Budget) {
  budget.spend(keyWork(item))
  if (container.has(item)) return true
  // Its keys are looked at only where one may look the same: what was read of a lazy mapping is kept.
  if (!readsAsNumber(unmarked(item))) return false
  for (const key of container.keys()) isEqual(key, item, budget)
  return false
}

function isInRange({ start, stop, step }: Range, item: Value) {
  refuseTextWithNumber(unmarked(item), start)
  const number = numberOf(item)
  if (number === undefined || (typeof number === 'number' && !Number.isInteger(number))) return false
  const whole = BigInt(number)
  const isBetween = step > 0n ? whole >= start && whole < stop : whole <= start && whole > stop
  return isBetween && (whole - start) % step === 0n
}

export interface Filter {
  (value: Value, given: CallArguments, host: TemplateRuntime): Value
  /** What it takes, in the words of {@link bound}; absent where that depends on what is given. */
  readonly signature?: string
}

export type Filters = Readonly<Record<string, Filter>>

export type Args = readonly (Value | undefined)[]

type Run<Of = Value> = (value: Of, args: Args, budget: Budget, host: TemplateRuntime) => Value

/** The signature is that of {@link bound}. */
export function filter(signature: string, run: Run): Filter {
  const safe = safeFilter(signature, run)
  return withSignature(signature, (value, given, host) => {
    if (value instanceof Markup)
      throw refused(
        'it takes no text here that was made safe for HTML (`e`, `safe`, `tojson`)',
        'apply that filter last',
      )
    return safe(value, given, host)
  })
}

export function plainFilter(signature: string, run: Run): Filter {
  return safeFilter(signature, (value, ...rest) => run(unmarked(value), ...rest))
}

export function textFilter(signature: string, run: Run<string>): Filter {
  return plainFilter(signature, (value, args, budget, host) => run(textOf(value, budget), args, budget, host))
}

/** The same for a filter that gives safe text where it is given safe text; both are the same to `run`. */
export function markingFilter(signature: string, run: Run): Filter {
  return safeFilter(signature, (value, ...rest) => {
    const made = run(unmarked(value), ...rest)
    return value instanceof Markup && typeof made === 'string' ? new Markup(made) : made
  })
}

export function safeFilter(signature: string, run: Run): Filter {
  return lenientFilter(signature, (value, args, ...rest) => {
    for (const one of [value, ...args]) if (one instanceof Undefined) throw one.fault()
    return run(value, args, ...rest)
  })
}

export function lenientFilter(signature: string, run: Run): Filter {
  return withSignature(signature, (value, given, host) => {
    const args = bound(signature, given)
    // Whatever a filter does with a text, it may look at each of its characters.
    host.budget.spend([value, ...args].reduce<number>((sum, one) => sum + lengthOfText(one), 0) >> 8)
    return run(value, args, host.budget, host)
  })
}

function lengthOfText(value: Value | undefined) {
  return typeof value === 'string' ? value.length : value instanceof Markup ? value.text.length : 0
}

function withSignature(
  signature: string,
  run: (value: Value, given: CallArguments, host: TemplateRuntime) => Value,
): Filter {
  return Object.assign(run, { signature })
}

export type Method<Self> = (self: Self, given: CallArguments, host: TemplateRuntime) => Value

export function method<Self>(signature: string, run: Run<Self>): Method<Self> {
  return (self, given, host) => run(self, bound(signature, given), host.budget, host)
}

export function prefixed<One>(all: Readonly<Record<string, One>>, ...collections: readonly string[]) {
  const named = collections.flatMap((collection) =>
    Object.entries(all).map(([name, one]) => [`${collection}.${name}`, one] as const),
  )
  return Object.fromEntries(named)
}

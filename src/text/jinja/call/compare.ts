import type { ComparisonOperator } from '../syntax/nodes.ts'
import { numberOf } from '../syntax/number.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { lengthOf } from '../value/iterate.ts'
import { firstIn, searchWork } from '../value/search.ts'
import {
  Dict,
  Markup,
  Range,
  sequenceOf,
  Tuple,
  typeOf,
  Undefined,
  unmarked,
  type Value,
  View,
} from '../value/value.ts'
import { keyWork } from '../value/work.ts'

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

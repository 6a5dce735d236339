import { type Args, bound, countIn, isEqual, isSet, type Method, method, orderOf, wholeIn } from '../call/arguments.ts'
import { listOf } from '../value/iterate.ts'
import { type Budget, Dict, keyWork, sequenceOf, Tuple, type Value, View, wrong } from '../value/value.ts'

/** Methods of lists that templates can call, as Python has them. */
export const LIST_METHODS: Readonly<Record<string, Method<Value[]>>> = {
  append: method('object', (list, [item = null], budget) => {
    budget.rows(1, 1)
    list.push(item)
    return null
  }),
  extend: method('iterable', (list, [items = null], budget) => {
    list.push(...listOf(items, budget))
    return null
  }),
  insert: method('index object', (list, [index, item = null], budget) => {
    budget.rows(1, 1)
    budget.spend(list.length >> 7)
    list.splice(countIn(index), 0, item)
    return null
  }),
  pop: method('index?', (list, [index], budget) => {
    if (index !== undefined) budget.spend(list.length >> 7)
    const at = index === undefined ? list.length - 1 : indexIn(countIn(index), list.length)
    const [item] = at === undefined || at < 0 ? [] : list.splice(at, 1)
    if (item === undefined) throw wrong('the list has no such item to take out', 'ask for its length before')
    return item
  }),
  remove: method('value', (list, [item = null], budget) => {
    budget.spend(list.length >> 7)
    list.splice(position(list, item, budget), 1)
    return null
  }),
  clear: method('', (list) => {
    list.length = 0
    return null
  }),
  copy: method('', (list, _, budget) => listOf(list, budget)),
  reverse: method('', (list) => {
    list.reverse()
    return null
  }),
  sort: (list, given, host) => {
    const [key, reverse] = bound('key? reverse?', given)
    if (key !== undefined && key !== null)
      throw wrong('`sort` with a key is not rendered here', 'use the filter `sort(attribute=…)`')
    const sorted = inOrder(list, (item) => item, isSet(reverse), host.budget)
    list.splice(0, list.length, ...sorted)
    return null
  },
  index: method('value start? stop?', (list, args, budget) => indexOf(list, args, budget)),
  count: method('value', (list, [item = null], budget) => counted(list, item, budget)),
}

export const TUPLE_METHODS: Readonly<Record<string, Method<Tuple>>> = {
  index: method('value start? stop?', (tuple, args, budget) => indexOf(tuple.items, args, budget)),
  count: method('value', (tuple, [item = null], budget) => counted(tuple.items, item, budget)),
}

export const DICT_METHODS: Readonly<Record<string, Method<Dict>>> = {
  keys: method('', (dict) => new View('dict_keys', dict)),
  values: method('', (dict) => new View('dict_values', dict)),
  items: method('', (dict) => new View('dict_items', dict)),
  get: method('key default?', (dict, [key = null, otherwise = null]) => present(dict.get(key), otherwise)),
  copy: method('', (dict, _, budget) => {
    budget.rows(dict.size, 1)
    return new Dict(dict.entries())
  }),
  clear: method('', (dict) => {
    dict.clear()
    return null
  }),
  pop: method('key default?', (dict, [key = null, otherwise]) => {
    const value = present(dict.get(key), otherwise)
    if (value === undefined) throw wrong('the mapping has no such key to take out', 'give a second value for that')
    dict.delete(key)
    return value
  }),
  popitem: method('', (dict) => {
    const last = dict.entries().at(-1)
    if (last === undefined) throw wrong('the mapping is empty')
    dict.delete(last[0])
    return new Tuple(last)
  }),
  setdefault: method('key default?', (dict, [key = null, value = null], budget) => {
    budget.rows(1, 1)
    if (!dict.has(key)) dict.set(key, value)
    return present(dict.get(key), value)
  }),
  update: (dict, given, { budget }) => {
    const [other, named] = bound('other? **named', given)
    for (const [key, value] of [...pairsOf(other, budget), ...pairsOf(named, budget)]) {
      budget.rows(1, 1)
      dict.set(key, value)
    }
    return null
  },
}

export const NUMBER_METHODS: Readonly<Record<string, Method<bigint | number>>> = {
  bit_length: method('', (number) => (typeof number === 'bigint' ? bitsOf(number) : noMethod())),
  is_integer: method('', (number) => (typeof number === 'number' ? Number.isInteger(number) : noMethod())),
}

function present<Other>(value: Value | undefined, otherwise: Other) {
  return value === undefined ? otherwise : value
}

function noMethod(): never {
  throw wrong('numbers of this type have no such method')
}

function bitsOf(number: bigint) {
  return number === 0n ? 0n : BigInt((number < 0n ? -number : number).toString(2).length)
}

export function pairsOf(value: Value | undefined, budget: Budget): (readonly [Value, Value])[] {
  if (value === undefined) return []
  if (value instanceof Dict) {
    budget.rows(value.size, 1)
    return value.entries()
  }
  if (value instanceof View) budget.rows(value.of.size, 4)
  const items = value instanceof View ? value.items() : sequenceOf(value)
  if (items === undefined) throw wrong('a mapping or a list of pairs is expected')
  budget.rows(items.length, 4)
  return items.map((item) => {
    const [key, second, ...more] = sequenceOf(item) ?? []
    if (key === undefined || second === undefined || more.length > 0) throw wrong('a list of pairs is expected')
    budget.spend(1 + keyWork(key))
    return [key, second] as const
  })
}

/** Where an index of Python's is in a list of so many items; undefined where it is outside. */
export function indexIn(index: number, length: number): number | undefined {
  const at = index < 0 ? length + index : index
  return at >= 0 && at < length ? at : undefined
}

/** Items in the order of their keys; equal ones keep their order, also from the highest to the lowest. */
export function inOrder(
  items: readonly Value[],
  key: (item: Value) => Value,
  isReversed: boolean,
  budget: Budget,
): Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }))
  const sorted = keyed.toSorted((a, b) => {
    const [left, right] = [a.key, b.key]
    budget.spend(1 + (typeof left === 'string' && typeof right === 'string' ? left.length >> 10 : 0))
    return isReversed ? orderOf(b.key, a.key, budget) : orderOf(a.key, b.key, budget)
  })
  return sorted.map(({ item }) => item)
}

function position(items: readonly Value[], item: Value, budget: Budget) {
  const at = items.findIndex((other) => isEqual(other, item, budget))
  if (at < 0) throw wrong('the list has no such item', 'ask with `in` before')
  return at
}

function indexOf(items: readonly Value[], [item = null, start, stop]: Args, budget: Budget) {
  const from = start === undefined ? 0 : Number(wholeIn(start))
  const begin = from < 0 ? Math.max(0, items.length + from) : from
  const part = items.slice(begin, stop === undefined ? items.length : Number(wholeIn(stop)))
  return BigInt(begin + position(part, item, budget))
}

function counted(items: readonly Value[], item: Value, budget: Budget) {
  return BigInt(items.filter((other) => isEqual(other, item, budget)).length)
}

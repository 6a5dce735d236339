import {
  type Args,
  bound,
  countIn,
  isEqual,
  isSet,
  type Method,
  method,
  orderOf,
  textIn,
  wholeIn,
} from '../call/arguments.ts'
import { numberOf } from '../syntax/number.ts'
import { OTHER_TEXT_METHODS, TEXT_METHODS } from '../text/methods.ts'
import {
  type Budget,
  type CallArguments,
  Callable,
  characterIn,
  charactersIn,
  Dict,
  ItemGroup,
  keyWork,
  listOf,
  Markup,
  Range,
  refused,
  Slice,
  sequenceOf,
  type TemplateRuntime,
  Thing,
  Tuple,
  typeOf,
  Undefined,
  type Value,
  View,
  wrong,
} from '../value/value.ts'
import { markupMethod, OTHER_MARKUP_METHODS } from './markup.ts'

const OTHER_INT_MEMBERS: readonly string[] = [
  'as_integer_ratio',
  'bit_count',
  'conjugate',
  'denominator',
  'from_bytes',
  'imag',
  'numerator',
  'real',
  'to_bytes',
]

// What Python has besides and is not rendered here; a name of it must not pass for one that is missing.
const OTHERS: readonly { readonly type: string; readonly names: readonly string[] }[] = [
  { type: 'str', names: OTHER_TEXT_METHODS },
  { type: 'Markup', names: [...OTHER_TEXT_METHODS, ...OTHER_MARKUP_METHODS] },
  { type: 'dict', names: ['fromkeys'] },
  { type: 'int', names: OTHER_INT_MEMBERS },
  // A truth is an int in Python.
  { type: 'bool', names: OTHER_INT_MEMBERS },
  { type: 'float', names: ['as_integer_ratio', 'conjugate', 'fromhex', 'hex', 'imag', 'real'] },
  { type: 'dict_keys', names: ['isdisjoint', 'mapping'] },
  { type: 'dict_values', names: ['mapping'] },
  { type: 'dict_items', names: ['isdisjoint', 'mapping'] },
  { type: 'range', names: ['count', 'index', 'start', 'step', 'stop'] },
]

/** `of.name`: a method or member of the value, else the item of that key, as Jinja2 looks it up. */
export function attributeOf(of: Value, name: string, host: TemplateRuntime): Value {
  if (of instanceof Undefined) return chained(of)
  return firstOf(
    memberOf(of, name, host),
    () => itemAt(of, name),
    () => missing(of, name),
  )
}

/** `of[key]`: the item, else the method or member of that name. */
export function itemOf(of: Value, key: Value, host: TemplateRuntime): Value {
  if (of instanceof Undefined) return chained(of)
  if (key instanceof Undefined) throw key.fault()
  if (key instanceof Slice) return slice(of, key, host)
  const member = typeof key === 'string' ? () => memberOf(of, key, host) : () => undefined
  return firstOf(itemAt(of, key, host.budget), member, () => missing(of, key))
}

function firstOf(first: Value | undefined, second: () => Value | undefined, last: () => Value) {
  if (first !== undefined) return first
  const other = second()
  return other === undefined ? last() : other
}

// Ansible lets members of what is missing be missing too, so that `a.b.c|default('x')` works.
function chained(of: Undefined) {
  if (of.isSilent) throw of.fault()
  return of
}

function missing(of: Value, key: Value) {
  const shown = typeof key === 'string' ? `\`${key}\`` : `item ${String(numberOf(key) ?? typeOf(key))}`
  const hint = 'see the name; tags and variables of a switch come from the inventory (`tags:`, `vars:`)'
  return new Undefined(`there is no ${shown} here (a ${typeOf(of)})`, hint)
}

/** `of[key]`: the item alone, never a member; undefined where there is none. */
export function itemAt(of: Value, key: Value, budget?: Budget): Value | undefined {
  if (of instanceof Dict) {
    budget?.spend(keyWork(key))
    return of.get(key)
  }
  const index = numberOf(key)
  if (typeof index !== 'bigint') return undefined
  if (typeof of === 'string') {
    budget?.spend(of.length >> 7)
    return characterAt(of, index)
  }
  if (of instanceof Markup) {
    const part = itemAt(of.text, key, budget)
    return typeof part === 'string' ? new Markup(part) : undefined
  }
  if (of instanceof Range) {
    const at = index < 0n ? of.length + index : index
    return at >= 0n && at < of.length ? of.start + at * of.step : undefined
  }
  const items = sequenceOf(of)
  const at = items === undefined ? undefined : indexIn(Number(index), items.length)
  return at === undefined ? undefined : items?.[at]
}

function characterAt(text: string, index: bigint) {
  const at = indexIn(Number(index), charactersIn(text))
  return at === undefined ? undefined : characterIn(text, at)
}

/** The method or member of a value; undefined where there is none. */
export function memberOf(of: Value, name: string, host: TemplateRuntime): Value | undefined {
  if (name.startsWith('__'))
    throw refused(`\`${name}\` is Python's own and not rendered here`, 'use a filter or a test')
  if (of instanceof Thing && !(of instanceof Range)) {
    const member = of.attribute(name)
    if (member !== undefined) return member
  }
  if (of instanceof ItemGroup && (name === 'grouper' || name === 'list')) return of[name]
  const method = methodOf(of, name, host)
  if (method !== undefined) return new Callable(name, method)
  if (OTHERS.some(({ type, names }) => type === typeOf(of) && names.includes(name)))
    throw refused(`\`${name}\` of a ${typeOf(of)} is not rendered here`, 'use a filter')
  return undefined
}

type Bound = (given: CallArguments) => Value

function methodOf(of: Value, name: string, host: TemplateRuntime): Bound | undefined {
  if (typeof of === 'string') return own(TEXT_METHODS, name, of, host)
  if (of instanceof Markup) return ownOfMarkup(of, name, host)
  if (Array.isArray(of)) return own(LIST_METHODS, name, of, host)
  if (of instanceof Tuple) return own(TUPLE_METHODS, name, of, host)
  if (of instanceof Dict) return own(DICT_METHODS, name, of, host)
  const isOwn = typeof of === 'number' ? name === 'is_integer' : name === 'bit_length'
  const number = numberOf(of)
  return number === undefined || !isOwn ? undefined : own(NUMBER_METHODS, name, number, host)
}

function own<Self>(
  methods: Readonly<Record<string, (self: Self, given: CallArguments, host: TemplateRuntime) => Value>>,
  name: string,
  self: Self,
  host: TemplateRuntime,
): Bound | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) return undefined
  return (given) => {
    host.budget.spend(methodWork(self))
    return method(self, given, host)
  }
}

function ownOfMarkup(of: Markup, name: string, host: TemplateRuntime): Bound | undefined {
  const method = markupMethod(name)
  if (method === undefined) return undefined
  return (given) => {
    host.budget.spend(methodWork(of.text))
    return method(of, given, host)
  }
}

function methodWork(self: unknown) {
  return typeof self === 'string' ? self.length >> 7 : Array.isArray(self) ? self.length >> 10 : 0
}

function slice(of: Value, cut: Slice, host: TemplateRuntime): Value {
  const { budget } = host
  if (of instanceof Range) return rangeSlice(of, cut)
  if (of instanceof Markup) return new Markup(textIn(slice(of.text, cut, host)))
  if (typeof of === 'string') budget.spend(of.length >> 5)
  if (typeof of === 'string') budget.items(of.length)
  const items = typeof of === 'string' ? [...of] : sequenceOf(of)
  if (items === undefined)
    throw wrong(`a ${typeOf(of)} cannot be cut by \`[start:stop]\``, 'cut a list or a text: `|list` makes a list')
  const picked = indices(cut, items.length).map((index) => items[index] ?? null)
  budget.rows(1, items.length + picked.length)
  if (typeof of === 'string') return picked.join('')
  return of instanceof Tuple ? new Tuple(picked) : picked
}

function rangeSlice(of: Range, cut: Slice) {
  const { from, to, by } = borders(cut, of.length)
  return new Range(of.start + from * of.step, of.start + to * of.step, of.step * by)
}

function indices(cut: Slice, length: number) {
  const { from, to, by } = borders(cut, BigInt(length))
  const picked: number[] = []
  for (let index = from; by > 0n ? index < to : index > to; index += by) picked.push(Number(index))
  return picked
}

function borders({ start, stop, step }: Slice, length: bigint) {
  const by = step === null ? 1n : sliceBound(step)
  if (by === 0n) throw wrong('the step of a slice must not be 0')
  const [low, high] = by > 0n ? [0n, length] : [-1n, length - 1n]
  const clamp = (value: Value, otherwise: bigint) => {
    if (value === null) return otherwise
    const index = sliceBound(value)
    const at = index < 0n ? index + length : index
    return at < low ? low : at > high ? high : at
  }
  return { from: clamp(start, by > 0n ? low : high), to: clamp(stop, by > 0n ? high : low), by }
}

function sliceBound(value: Value) {
  const number = numberOf(value)
  if (value instanceof Undefined) throw value.fault()
  if (typeof number !== 'bigint') throw wrong('a slice takes whole numbers', 'make one: `|int`')
  return number
}

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
    list.splice(0, list.length, ...inOrder(list, (item) => item, isSet(reverse), host.budget))
    return null
  },
  index: method('value start? stop?', (list, args, budget) => indexOf(list, args, budget)),
  count: method('value', (list, [item = null], budget) => counted(list, item, budget)),
}

const TUPLE_METHODS: Readonly<Record<string, Method<Tuple>>> = {
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

const NUMBER_METHODS: Readonly<Record<string, Method<bigint | number>>> = {
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

// Where an index of Python's is in a list of so many items; undefined where it is outside.
function indexIn(index: number, length: number) {
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

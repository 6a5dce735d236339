import { countIn, dictIn } from '../call/arguments.ts'
import { isEqual, isSet, isTrue, orderOf } from '../call/compare.ts'
import { type Args, type Filters, filter, markingFilter, plainFilter } from '../call/define.ts'
import { textOf } from '../call/print.ts'
import { combined, flooredQuotient } from '../object/arithmetic.ts'
import { inOrder } from '../object/methods.ts'
import type { Budget } from '../value/budget.ts'
import { TemplateFault, wrong } from '../value/fault.ts'
import { itemsOf, listOf } from '../value/iterate.ts'
import type { TemplateRuntime } from '../value/template-runtime.ts'
import { hashOf, ItemGroup, Markup, Tuple, Undefined, type Value } from '../value/value.ts'
import { keyWork } from '../value/work.ts'
import { allWithoutCase, type Getter, getterOf, manyGetterOf, withoutCase } from './attribute.ts'

// What items are told apart by: texts in small letters, unless their case counts.
function keyOf(cases: Value | undefined, getter: Getter): Getter {
  return isSet(cases) ? getter : (item) => withoutCase(getter(item))
}

/** Jinja2's filters of lists and mappings. */
export const SEQUENCE_FILTERS: Filters = {
  batch: plainFilter('linecount fill_with?', (value, [count, fill], budget) => {
    const size = countIn(count, 'the size of a batch')
    const items = itemsOf(value, budget)
    if (size < 1) throw wrong('a batch has at least one item')
    budget.rows(Math.ceil(items.length / size), size)
    const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
      items.slice(at * size, (at + 1) * size),
    )
    return batches.map((batch) => {
      if (fill === undefined || fill === null) return batch
      budget.rows(1, size)
      return [...batch, ...Array.from({ length: size - batch.length }, () => fill)]
    })
  }),
  slice: plainFilter('slices fill_with?', (value, [count, fill], budget) =>
    slices(listOf(value, budget), countIn(count, 'the number of slices'), fill, budget),
  ),
  dictsort: filter('case_sensitive? by? reverse?', (value, [cases, by, reverse], budget) => {
    const at = by === undefined || by === 'key' ? 0 : 1
    if (at === 1 && by !== 'value') throw wrong('a mapping is sorted by `key` or by `value`')
    const sorted = dictIn(value, 'what is sorted')
    budget.rows(sorted.size, 4)
    const pairs = sorted.entries().map((pair) => new Tuple(pair))
    const key = (pair: Value) => (pair instanceof Tuple ? (pair.items[at] ?? null) : null)
    return inOrder(pairs, keyOf(cases, key), isSet(reverse), budget)
  }),
  sort: plainFilter('reverse? case_sensitive? attribute?', (value, [reverse, cases, attribute], budget, host) => {
    const getter = manyGetterOf(attribute, host)
    const key = isSet(cases) ? getter : (item: Value) => allWithoutCase(getter(item))
    return inOrder(itemsOf(value, budget), key, isSet(reverse), budget)
  }),
  groupby: filter('attribute default? case_sensitive?', groups),
  unique: plainFilter('case_sensitive? attribute?', (value, [cases, attribute], budget, host) => {
    const getter = getterOf(attribute, host)
    const key = keyOf(cases, getter)
    const mayCompare = attribute === undefined && (cases === undefined || cases === null || isTrue(cases))
    return uniqueItems(itemsOf(value, budget), key, mayCompare, budget)
  }),
  min: plainFilter('case_sensitive? attribute?', (value, args, ...rest) => extreme(value, args, -1, ...rest)),
  max: plainFilter('case_sensitive? attribute?', (value, args, ...rest) => extreme(value, args, 1, ...rest)),
  sum: filter('attribute? start?', (value, [attribute, start = 0n], budget, host) => {
    if (typeof start === 'string' || start instanceof Markup) throw wrong('texts have no sum', 'join them: `|join`')
    const getter = getterOf(attribute, host)
    const items = itemsOf(value, budget)
    return items.reduce((sum, item) => combined('+', sum, getter(item), budget), start)
  }),
  first: plainFilter('', (value, _, budget) => itemOrMissing(itemsOf(value, budget)[0], 'first')),
  last: markingFilter('', (value, _, budget) => itemOrMissing(itemsOf(value, budget).at(-1), 'last')),
  list: plainFilter('', (value, _, budget) => listOf(value, budget)),
  items: filter('', (value, _, budget) => {
    const dict = dictIn(value, 'what has items')
    budget.rows(dict.size, 4)
    return dict.entries().map((pair) => new Tuple(pair))
  }),
  reverse: markingFilter('', (value, _, budget) => {
    const reversed = listOf(value, budget).reverse()
    return typeof value === 'string' ? reversed.map((item) => textOf(item, budget)).join('') : reversed
  }),
  join: plainFilter('d? attribute?', (value, [separator = '', attribute], budget, host) => {
    const getter = getterOf(attribute, host)
    const texts = itemsOf(value, budget).map((item) => textOf(getter(item), budget))
    const between = textOf(separator, budget)
    budget.grow(texts.length * between.length)
    return budget.text(texts.join(between))
  }),
}

function itemOrMissing(item: Value | undefined, which: string) {
  if (item !== undefined) return item
  return new Undefined(`there is no ${which} item: the list is empty`, 'give a default, or ask whether there is one')
}

function slices(items: readonly Value[], count: number, fill: Value | undefined, budget: Budget): Value[] {
  if (count === 0) throw wrong('a list cannot be cut into 0 slices')
  budget.rows(Math.max(0, count), 2)
  const size = Number(flooredQuotient(BigInt(items.length), BigInt(count)))
  const larger = items.length - size * count
  let from = 0
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const to = from + size + (index < larger ? 1 : 0)
    const part = items.slice(from, to)
    from = to
    return fill !== undefined && fill !== null && index >= larger ? [...part, fill] : part
  })
}

function groups(value: Value, [attribute, otherwise, cases]: Args, budget: Budget, host: TemplateRuntime): Value {
  const getter = getterOf(attribute, host, otherwise)
  const key = keyOf(cases, getter)
  const sorted = inOrder(itemsOf(value, budget), key, false, budget)
  budget.rows(sorted.length, 4)
  const made: { key: Value; items: Value[] }[] = []
  for (const item of sorted) {
    const own = key(item)
    if (own instanceof Undefined) throw own.fault()
    const last = made.at(-1)
    if (last !== undefined && isEqual(last.key, own, budget)) last.items.push(item)
    else made.push({ key: own, items: [item] })
  }
  return made.map(({ items }) => new ItemGroup(getter(items[0] ?? null), items))
}

function extreme(value: Value, [cases, attribute]: Args, sign: 1 | -1, budget: Budget, host: TemplateRuntime) {
  const getter = getterOf(attribute, host)
  const key = keyOf(cases, getter)
  const items = itemsOf(value, budget)
  const [first] = items
  if (first === undefined)
    return new Undefined('the list is empty: it has no smallest or largest item', 'give a default')
  let best = { item: first, key: key(first) }
  for (const item of items.slice(1)) {
    budget.spend()
    const own = key(item)
    if (orderOf(own, best.key, budget) * sign > 0) best = { item, key: own }
  }
  return best.item
}

/** Each item once, by its key. What can be no key is compared with all others, where nothing else is asked for. */
export function uniqueItems(
  items: readonly Value[],
  key: (item: Value) => Value,
  mayCompare: boolean,
  budget: Budget,
): Value[] {
  try {
    const seen = new Set<string>()
    return items.filter((item) => {
      const own = key(item)
      budget.spend(1 + keyWork(own))
      const hash = hashOf(own)
      const isNew = !seen.has(hash)
      seen.add(hash)
      return isNew
    })
  } catch (thrown) {
    if (!mayCompare || !(thrown instanceof TemplateFault) || thrown.code !== 'template-error') throw thrown
    const kept: Value[] = []
    for (const item of items) {
      budget.spend(kept.length + 1)
      if (!kept.some((other) => isEqual(other, item, budget))) kept.push(item)
    }
    return kept
  }
}

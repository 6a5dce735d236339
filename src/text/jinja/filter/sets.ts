import { countIn } from '../call/arguments.ts'
import { contains } from '../call/compare.ts'
import { type Filters, filter } from '../call/define.ts'
import { combined } from '../object/arithmetic.ts'
import { type Budget, tooLarge } from '../value/budget.ts'
import { refused } from '../value/fault.ts'
import { itemsOf } from '../value/iterate.ts'
import { Dict, Tuple, type Value, View } from '../value/value.ts'
import { uniqueItems } from './sequence.ts'

function among(isWanted: boolean) {
  return filter('b', (a, [b = null], budget) =>
    unique(
      itemsOf(lists(a, b), budget).filter((item) => contains(b, item, budget) === isWanted),
      budget,
    ),
  )
}

/** Ansible's filters of lists as sets, and those that combine their items. */
export const SET_FILTERS: Filters = {
  intersect: among(true),
  difference: among(false),
  union: filter('b', (a, [b = null], budget) => unique(joined(a, b, budget), budget)),
  symmetric_difference: filter('b', (a, [b = null], budget) => {
    const both = itemsOf(lists(a, b), budget).filter((item) => contains(b, item, budget))
    return unique(joined(a, b, budget), budget).filter((item) => !contains(both, item, budget))
  }),
  zip: filter('*others', (value, [others = null], budget) => zipped(value, others, undefined, budget)),
  zip_longest: filter('*others fillvalue?', (value, [others = null, fill = null], budget) =>
    zipped(value, others, fill, budget),
  ),
  product: filter('*others', (value, [others = null], budget) => {
    const all = [value, ...itemsOf(others, budget)].map((one) => itemsOf(one, budget))
    const rows = all.reduce<readonly (readonly Value[])[]>((made, items) => timesEach(made, items, budget), [[]])
    budget.rows(rows.length, 0)
    return rows.map((row) => new Tuple([...row]))
  }),
  permutations: filter('r?', (value, [size = null], budget) => {
    const items = itemsOf(value, budget)
    return arranged(items, size === null ? items.length : countIn(size), false, budget)
  }),
  combinations: filter('r', (value, [size = null], budget) =>
    arranged(itemsOf(value, budget), countIn(size), true, budget),
  ),
}

function timesEach(rows: readonly (readonly Value[])[], items: readonly Value[], budget: Budget) {
  budget.rows(BigInt(rows.length) * BigInt(items.length), 2 * ((rows[0]?.length ?? 0) + 1))
  return rows.flatMap((row) => items.map((item) => [...row, item]))
}

function lists(a: Value, b: Value) {
  const isHashable = (value: Value) => !Array.isArray(value) && !(value instanceof Dict) && !(value instanceof View)
  if (isHashable(a) && isHashable(b)) throw refused('sets of these values have no order', 'give lists: `|list`')
  return a
}

function joined(a: Value, b: Value, budget: Budget) {
  return itemsOf(combined('+', lists(a, b), b, budget), budget)
}

function unique(items: readonly Value[], budget: Budget) {
  return uniqueItems(items, (item) => item, true, budget)
}

function zipped(value: Value, others: Value, fill: Value | undefined, budget: Budget): Value {
  const all = [value, ...itemsOf(others, budget)].map((one) => itemsOf(one, budget))
  const lengths = all.map(({ length }) => length)
  const length = fill === undefined ? Math.min(...lengths) : Math.max(...lengths)
  budget.rows(length, all.length + 1)
  const at = (items: readonly Value[], index: number) => (index < items.length ? items[index] : fill) ?? null
  return Array.from({ length }, (_, index) => new Tuple(all.map((items) => at(items, index))))
}

function arranged(items: readonly Value[], size: number, isAscending: boolean, budget: Budget): Value[] {
  if (size < 0) return []
  budget.rows(waysTo(items.length, size, isAscending, budget), 2 * size)
  let rows: number[][] = [[]]
  for (let taken = 0; taken < size; taken += 1) {
    rows = rows.flatMap((row) => {
      budget.spend(1 + ((items.length * (1 + row.length)) >> 7))
      budget.rows(1, row.length + 1)
      const from = isAscending ? (row.at(-1) ?? -1) + 1 : 0
      return items.flatMap((_, index) => (index >= from && !row.includes(index) ? [[...row, index]] : []))
    })
  }
  return rows.map((row) => new Tuple(row.map((index) => items[index] ?? null)))
}

const MOST_WAYS = 1n << 64n

function waysTo(count: number, size: number, isAscending: boolean, budget: Budget) {
  let all = 1n
  let most = 1n
  for (let taken = 0; taken < size; taken += 1) {
    all = all * BigInt(Math.max(0, count - taken))
    if (isAscending) all /= BigInt(taken + 1)
    if (all > most) most = all
    budget.spend()
    if (most > MOST_WAYS) throw tooLarge()
  }
  return most
}

import { textIn } from '../call/arguments.ts'
import { isTrue } from '../call/compare.ts'
import { type Filters, filter, lenientFilter } from '../call/define.ts'
import { textOf } from '../call/print.ts'
import { inOrder } from '../object/methods.ts'
import type { Budget } from '../value/budget.ts'
import { refused, wrong } from '../value/fault.ts'
import { itemsOf } from '../value/iterate.ts'
import { Dict, Tuple, typeOf, Undefined, type Value } from '../value/value.ts'

/** The filters of Arista's collection arista.avd that templates for EOS use most, by its documentation. */
export const AVD_FILTERS: Filters = {
  default: lenientFilter('*others', (value, [others]) => {
    const values = [value, ...(others instanceof Tuple ? others.items : [])]
    const first = values.find((one) => one !== null && !(one instanceof Undefined))
    return first === undefined ? null : first
  }),
  natural_sort: lenientFilter(
    'sort_key? strict? ignore_case?',
    (value, [key = null, strict = true, ignoreCase = true], budget) => {
      if (value === null || value instanceof Undefined) return []
      const partOf = (item: Value) => {
        if (key === null || !(item instanceof Dict)) return item
        const part = item.get(key)
        if (part !== undefined) return part
        if (isTrue(strict)) throw wrong(`an item lacks \`${textOf(key, budget)}\`, by which the list is sorted`)
        return item
      }
      return inOrder(
        itemsOf(value, budget),
        (item) => naturalKey(textOf(partOf(item), budget), isTrue(ignoreCase), budget),
        false,
        budget,
      )
    },
  ),
  list_compress: filter('', (value) => compressed(value)),
  range_expand: filter('', (value, _, budget) => {
    if (typeof value !== 'string' && !Array.isArray(value)) throw wrong('a range or a list of ranges is needed')
    return expandedRanges(value, budget)
  }),
}

// Texts and numbers in turn, so that Ethernet2 comes before Ethernet10.
function naturalKey(text: string, ignoresCase: boolean, budget: Budget): Value[] {
  budget.spend(text.length >> 5)
  return text.split(/(\d+)/).map((part, index) => {
    if (index % 2 === 0) return ignoresCase ? part.toLowerCase() : part
    if (part.length > LONGEST_NUMBER) throw wrong('a number has too many digits to be sorted')
    return BigInt(part)
  })
}

// Python makes no number of more digits.
const LONGEST_NUMBER = 4_300

function compressed(value: Value) {
  if (!Array.isArray(value)) throw wrong('a list of whole numbers is needed')
  const numbers = value.map((item) => {
    if (typeof item !== 'bigint') throw wrong(`a list of whole numbers is needed, and it has a ${typeOf(item)}`)
    return item
  })
  const runs: [bigint, bigint][] = []
  for (const number of numbers.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === number - 1n) run[1] = number
    else runs.push([number, number])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

function expandedRanges(value: Value, budget: Budget): string[] {
  budget.spend()
  if (Array.isArray(value)) return value.flatMap((one) => expandedRanges(one, budget))
  return expandedRange(textIn(value, 'a range'), budget)
}

// What is before the first number, at most three levels behind slashes, and one behind a dot.
const RANGE = /^([^\d\n]*)(\d+(?:-\d+)?(?:\/\d+(?:-\d+)?){0,2}(?:\.\d+(?:-\d+)?)?)\s*$/

function expandedRange(range: string, budget: Budget) {
  if (/[{}]/.test(range)) throw refused('braces in a range are not expanded here', 'write the parts out')
  let prefix = ''
  return range.split(',').flatMap((part) => {
    if (part.trim() === '') return []
    const [, before = '', levels] = RANGE.exec(part) ?? []
    if (levels === undefined) throw wrong(`\`${part}\` is no range`)
    if (before !== '') prefix = before
    return expandedLevels(levels, budget).map((one) => prefix + one)
  })
}

function expandedLevels(levels: string, budget: Budget) {
  const parts = levels.split(/([/.])/)
  return parts.reduce<string[]>(
    (made, part) => {
      const ends = numbersBetween(part, budget)
      budget.rows(made.length * ends.length, 1)
      return made.flatMap((one) => ends.map((end) => one + end))
    },
    [''],
  )
}

function numbersBetween(part: string, budget: Budget) {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(part) ?? []
  if (first === undefined || last === undefined) return [part.replace(/^0+(?=\d)/, '')]
  const [from, to] = [Number(first), Number(last)]
  if (to < from) throw wrong(`the range ${part} goes down`)
  budget.grow((to - from + 1) * 64)
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
}

import { formatRange } from '../../../vlan-range.ts'
import { refused, wrong } from '../fault.ts'
import { textIn } from '../run/arguments.ts'
import type { Budget } from '../run/budget.ts'
import { isTrue } from '../value/compare.ts'
import { itemsOf } from '../value/iterate.ts'
import { inOrder } from '../value/methods.ts'
import { textOf } from '../value/print.ts'
import { Dict, Tuple, Undefined, type Value } from '../value/value.ts'
import { type Filters, filter, lenientFilter } from './define.ts'
import { numbersOf } from './vlan.ts'

/** The filters of Arista's collection arista.avd that templates for EOS use most, by its documentation. */
export const AVD_FILTERS: Filters = {
  default: lenientFilter('*others', (value, [others]) => {
    const values = [value, ...(others instanceof Tuple ? others.items : [])]
    const first = values.find((one) => one !== null && !(one instanceof Undefined))
    return first === undefined ? null : first
  }),
  natural_sort: lenientFilter(
    'sort_key? strict? ignore_case?',
    (value, [key = null, strict = true, ignoreCase = true], host) => {
      if (value === null || value instanceof Undefined) return []
      const partOf = (item: Value): Value => {
        if (key === null || !(item instanceof Dict)) return item
        const part = item.get(key)
        if (part !== undefined) return part
        if (isTrue(strict)) throw wrong(`an item lacks \`${textOf(key)}\`, by which the list is sorted`)
        return ''
      }
      return inOrder(
        itemsOf(value, host.budget),
        (item) => naturalKey(textOf(partOf(item)), isTrue(ignoreCase)),
        false,
        host,
      )
    },
  ),
  list_compress: filter('', (value, _, { budget }) => formatRange(numbersOf(value, budget).map(Number))),
  range_expand: filter('', (value, _, { budget }) => {
    const ranges = typeof value === 'string' ? [value] : itemsOf(value, budget)
    return ranges.flatMap((range) =>
      expandedRange(typeof range === 'bigint' ? String(range) : textIn(range, 'a range'), budget),
    )
  }),
}

/** Texts and numbers in turn, so that Ethernet2 comes before Ethernet10. */
function naturalKey(text: string, ignoresCase: boolean): Value[] {
  return text
    .split(/(\d+)/)
    .map((part, index) => (index % 2 === 1 ? BigInt(part) : ignoresCase ? part.toLowerCase() : part))
}

const RANGE = /^\s*([^\d]*?)(\d+(?:-\d+)?(?:[/.]\d+(?:-\d+)?)*)\s*$/

/** `Ethernet1-2/3,5` as its interfaces: what stands before the first number goes on to the parts without it. */
function expandedRange(range: string, budget: Budget): string[] {
  if (/[{}]/.test(range)) throw refused('braces in a range are not expanded here', 'write the parts out')
  let prefix = ''
  return range.split(',').flatMap((part) => {
    const [, before = '', levels] = RANGE.exec(part) ?? []
    if (levels === undefined) throw wrong(`\`${part}\` is no range`)
    if (before !== '') prefix = before
    return expandedLevels(levels, budget).map((one) => prefix + one)
  })
}

function expandedLevels(levels: string, budget: Budget): string[] {
  const parts = levels.split(/([/.])/)
  return parts.reduce<string[]>(
    (made, part) => {
      const ends = numbersBetween(part, budget)
      budget.grow(made.length * ends.length)
      return made.flatMap((one) => ends.map((end) => one + end))
    },
    [''],
  )
}

function numbersBetween(part: string, budget: Budget): string[] {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(part) ?? []
  if (first === undefined || last === undefined) return [part]
  const [from, to] = [Number(first), Number(last)]
  if (to < from) throw wrong(`the range ${part} goes down`)
  budget.grow((to - from + 1) * 64)
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
}

import { ADDRESS_FILTERS, UTILS_FILTERS } from '../address/filters.ts'
import {
  contains,
  countIn,
  type Filter,
  type Filters,
  filter,
  isTrue,
  lenientFilter,
  prefixed,
  safeFilter,
  textIn,
} from '../call/arguments.ts'
import { textOf } from '../call/print.ts'
import { inOrder, memberOf } from '../object/access.ts'
import { combined } from '../object/arithmetic.ts'
import { parsedInt } from '../syntax/number.ts'
import { versionOrder } from '../text/methods.ts'
import {
  type Budget,
  type CallArguments,
  Dict,
  itemsOf,
  lengthOf,
  listOf,
  refused,
  type TemplateRuntime,
  Tuple,
  tooLarge,
  typeOf,
  Undefined,
  type Value,
  View,
  wrong,
} from '../value/value.ts'
import { JSON_FILTERS, TO_JSON } from './json.ts'
import { getterOf, MAPPING_FILTERS, SEQUENCE_FILTERS, uniqueItems } from './mapping.ts'
import { ANSIBLE_NUMBER_FILTERS, NUMBER_FILTERS } from './number.ts'
import { ANSIBLE_TEXT_FILTERS, PATTERN_FILTERS, TEXT_FILTERS } from './text.ts'
import { YAML_FILTERS } from './yaml.ts'

function among(isWanted: boolean) {
  return filter('b', (a, [b = null], budget) =>
    unique(
      itemsOf(lists(a, b), budget).filter((item) => contains(b, item, budget) === isWanted),
      budget,
    ),
  )
}

// Ansible's filters of lists as sets, and those that combine their items.
const SET_FILTERS: Filters = {
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

// The filters of Arista's collection arista.avd that templates for EOS use most, by its documentation.
const AVD_FILTERS: Filters = {
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
  list_compress: filter('', compressed),
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

// Jinja2's filters that go through a list with another filter or a test, and those that ask for what may be missing.
const PICKING_FILTERS: Filters = {
  map: (value, given, host) => {
    const items = nonEmpty(value, host)
    if (items.length === 0) return []
    const change = changeOf(given, host)
    return items.map((item) => change(item))
  },
  select: picking(false, true),
  reject: picking(false, false),
  selectattr: picking(true, true),
  rejectattr: picking(true, false),
  attr: filter('name', (value, [name], _, host) => {
    const found = memberOf(value, textIn(name, 'the name of a member'), host)
    return found === undefined
      ? new Undefined(`there is no member \`${name}\` here`, 'write `of.name` or `of[name]`')
      : found
  }),
  default: lenientFilter('default_value? boolean?', otherwise),
  d: lenientFilter('default_value? boolean?', otherwise),
  length: safeFilter('', lengthOf),
  count: safeFilter('', lengthOf),
}

function otherwise(value: Value, [instead = '', boolean = false]: readonly (Value | undefined)[]) {
  return value instanceof Undefined || (isTrue(boolean) && !isTrue(value)) ? instead : value
}

function nonEmpty(value: Value, { budget }: TemplateRuntime) {
  if (value instanceof Undefined) throw value.fault()
  return isTrue(value) ? itemsOf(value, budget) : []
}

function changeOf({ positional, named }: CallArguments, host: TemplateRuntime): (item: Value) => Value {
  const [name, ...args] = positional
  if (name === undefined) {
    const attribute = named.get('attribute')
    const other = [...named.keys()].find((key) => key !== 'attribute' && key !== 'default')
    if (attribute === undefined || other !== undefined) throw wrong('`map` takes the name of a filter, or `attribute=`')
    return getterOf(attribute, host, named.get('default'))
  }
  const filterName = textIn(name, 'the name of a filter')
  return (item) => host.filter(filterName, item, { positional: args, named })
}

function picking(isOfAttribute: boolean, wanted: boolean): Filter {
  return (value, { positional, named }, host) => {
    const [attribute] = isOfAttribute ? positional : []
    if (isOfAttribute && attribute === undefined) throw wrong('the name of a member is not given')
    const [test, ...args] = positional.slice(isOfAttribute ? 1 : 0)
    const getter = getterOf(attribute, host)
    const passes = (item: Value) => {
      const part = getter(item)
      return test === undefined
        ? isTrue(part)
        : host.test(textIn(test, 'the name of a test'), part, { positional: args, named })
    }
    return nonEmpty(value, host).filter((item) => passes(item) === wanted)
  }
}

const VLAN_PARSER = filter('first_line_len? other_line_len?', (value, [first = 48n, other = 44n], budget) => {
  const vlans = itemsOf(value, budget).map((item) => countIn(item, 'each VLAN'))
  const sorted = [...new Set(vlans)].sort((a, b) => a - b)
  const [lowest] = sorted
  if (lowest === undefined) throw wrong('there are no VLANs')
  if (lowest < 1 || (sorted.at(-1) ?? 0) > 4094) throw wrong('a VLAN is from 1 to 4094')
  return lines(runsOf(sorted), countIn(first), countIn(other))
})

function runsOf(sorted: readonly number[]) {
  const runs: string[] = []
  for (let at = 0; at < sorted.length; ) {
    let end = at
    while (end + 1 < sorted.length && (sorted[end + 1] ?? 0) - (sorted[end] ?? 0) === 1) end += 1
    const [from, to] = [String(sorted[at]), String(sorted[end])]
    if (end === at) runs.push(from)
    else if (end === at + 1) runs.push(from, to)
    else runs.push(`${from}-${to}`)
    at = end + 1
  }
  return runs
}

function lines(runs: readonly string[], first: number, other: number) {
  const made = ['']
  for (const run of runs) {
    const last = made.at(-1) ?? ''
    if (last.length + run.length > (made.length === 1 ? first : other)) made.push(`${run},`)
    else made[made.length - 1] = `${last}${run},`
  }
  const trimmed = made.map((line) => line.replace(/,+$/, ''))
  const empty = trimmed.indexOf('')
  return empty < 0 ? trimmed : trimmed.toSpliced(empty, 1)
}

const VLAN_EXPANDER = filter('', (value, _, budget) => {
  const vlans = textIn(value, 'a range')
    .split(',')
    .flatMap((part) => expanded(part, budget))
  return vlans.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
})

function expanded(part: string, budget: Budget) {
  const ends = part.includes('-') ? part.split('-') : [part, part]
  const [from, to, ...more] = ends.map((end) => parsedInt(end, 10))
  if (from === undefined || to === undefined || more.length > 0) throw wrong(`\`${part}\` is no range of VLANs`)
  if (to < from) return []
  budget.items((to - from + 1n) * 4n)
  return Array.from({ length: Number(to - from + 1n) }, (_, index) => from + BigInt(index))
}

// Filters of Ansible itself: known by their name, and with its collection before it.
const CORE: Filters = {
  ...ANSIBLE_NUMBER_FILTERS,
  ...ANSIBLE_TEXT_FILTERS,
  ...JSON_FILTERS,
  ...MAPPING_FILTERS,
  ...PATTERN_FILTERS,
  ...SET_FILTERS,
  ...YAML_FILTERS,
}

function only(filters: Filters, wanted: string): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => name === wanted))
}

const VERSION_SORT = filter('reverse?', (value, [reverse = false], budget) => {
  const sign = isTrue(reverse) ? -1 : 1
  return listOf(value, budget).sort((a, b) => sign * versionOrder(textOf(a, budget), textOf(b, budget), budget))
})

/**
 * Every filter by every name that Ansible gives it: Jinja2's by their name alone, Ansible's with `ansible.builtin` too, and
 * those of collections with the collections from which they are found.
 */
export const FILTERS: Filters = {
  ...TEXT_FILTERS,
  ...NUMBER_FILTERS,
  ...SEQUENCE_FILTERS,
  ...PICKING_FILTERS,
  tojson: TO_JSON,
  ...CORE,
  // Ansible has its own version of this filter of Jinja2's, which is known with its collection too.
  ...prefixed({ ...CORE, ...only(SEQUENCE_FILTERS, 'unique') }, 'ansible.builtin', 'ansible.legacy'),
  ...ADDRESS_FILTERS,
  ...prefixed(ADDRESS_FILTERS, 'ansible.builtin', 'ansible.legacy', 'ansible.netcommon', 'ansible.utils'),
  ...prefixed(UTILS_FILTERS, 'ansible.utils'),
  ...prefixed(only(UTILS_FILTERS, 'macaddr'), 'ansible.netcommon'),
  vlan_parser: VLAN_PARSER,
  ...prefixed({ vlan_parser: VLAN_PARSER }, 'ansible.builtin', 'ansible.legacy', 'ansible.netcommon'),
  'ansible.netcommon.vlan_expander': VLAN_EXPANDER,
  'community.general.version_sort': VERSION_SORT,
  ...prefixed(AVD_FILTERS, 'arista.avd'),
}

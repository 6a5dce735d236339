import { ADDRESS_FILTERS, UTILS_FILTERS } from '../address/filters.ts'
import { countIn, textIn } from '../call/arguments.ts'
import { isTrue } from '../call/compare.ts'
import { type Filter, type Filters, filter, lenientFilter, prefixed, safeFilter } from '../call/define.ts'
import { textOf } from '../call/print.ts'
import { memberOf } from '../object/access.ts'
import { parsedInt } from '../syntax/number.ts'
import { versionOrder } from '../text/version.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { itemsOf, lengthOf, listOf } from '../value/iterate.ts'
import type { TemplateRuntime } from '../value/template-runtime.ts'
import { type CallArguments, Undefined, type Value } from '../value/value.ts'
import { ANSIBLE_TEXT_FILTERS } from './ansible-text.ts'
import { getterOf } from './attribute.ts'
import { AVD_FILTERS } from './avd.ts'
import { JSON_FILTERS, TO_JSON } from './json.ts'
import { MAPPING_FILTERS } from './mapping.ts'
import { ANSIBLE_NUMBER_FILTERS, NUMBER_FILTERS } from './number.ts'
import { PATTERN_FILTERS } from './pattern.ts'
import { SEQUENCE_FILTERS } from './sequence.ts'
import { SET_FILTERS } from './sets.ts'
import { TEXT_FILTERS } from './text.ts'
import { YAML_FILTERS } from './yaml.ts'

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

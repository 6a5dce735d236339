import { countIn, dictIn, textIn } from '../call/arguments.ts'
import { isEqual, isSet, isTrue } from '../call/compare.ts'
import { type Args, type Filters, filter, lenientFilter, safeFilter } from '../call/define.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { itemsOf } from '../value/iterate.ts'
import { Dict, sequenceOf, Tuple, typeOf, Undefined, type Value } from '../value/value.ts'
import { keyWork } from '../value/work.ts'

/** Ansible's filters of mappings and of lists of them. */
export const MAPPING_FILTERS: Filters = {
  combine: lenientFilter('*others recursive? list_merge?', combine),
  dict2items: filter('key_name? value_name?', (value, [key = 'key', name = 'value'], budget) => {
    const dict = dictIn(value, 'what is made a list')
    budget.rows(dict.size, 16)
    return dict.entries().map(
      ([own, item]) =>
        new Dict([
          [key, own],
          [name, item],
        ]),
    )
  }),
  items2dict: filter('key_name? value_name?', (value, [key = 'key', name = 'value'], budget) => {
    const items = sequenceOf(value)
    if (items === undefined) throw wrong(`a list is needed, not a ${typeOf(value)}`)
    budget.rows(items.length, 1)
    return new Dict(
      items.map((item) => {
        const own = member(item, key)
        budget.spend(1 + keyWork(own))
        return [own, member(item, name)] as const
      }),
    )
  }),
  extract: lenientFilter('container morekeys?', (value, [container = null, more = null], _, host) => {
    const keys = [value, ...(Array.isArray(more) ? more : more === null ? [] : [more])]
    return keys.reduce((of, key) => host.item(of, key), container)
  }),
  flatten: filter('levels? skip_nulls?', (value, [levels = null, skips = true], budget) =>
    flattened(
      itemsOf(value, budget),
      levels === null ? undefined : countIn(levels, 'the levels'),
      isTrue(skips),
      budget,
    ),
  ),
  subelements: filter('subelements skip_missing?', subelements),
  mandatory: lenientFilter('msg?', (value, [message]) => {
    if (!(value instanceof Undefined)) return value
    if (message !== undefined && message !== null) throw wrong(textIn(message, 'the message'), 'give it a value')
    throw value.fault()
  }),
  ternary: lenientFilter('true_val false_val none_val?', (value, [yes = null, no = null, none = null]) => {
    if (value === null && none !== null) return none
    return isTrue(value) ? yes : no
  }),
  type_debug: safeFilter('', typeOf),
}

function member(item: Value, key: Value) {
  const value = dictIn(item, 'each item of the list').get(key)
  if (value === undefined)
    throw wrong('an item of the list lacks the key or the value', 'name them: `key_name=` and `value_name=`')
  return value
}

const MERGES = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp']

function combine(value: Value, [given, recursive, merge]: Args, budget: Budget): Value {
  const positional = given instanceof Tuple ? given.items : []
  const all = flattened([value, ...positional], 1, true, budget)
  for (const one of all) refuseMissing(one, budget)
  const [first, ...others] = all
  if (first === undefined) return new Dict()
  const style: Style = {
    isDeep: isSet(recursive),
    lists: merge === undefined ? 'replace' : textIn(merge, '`list_merge`'),
  }
  if (!MERGES.includes(style.lists)) throw wrong(`\`list_merge\` is one of ${MERGES.join(', ')}`)
  if (others.length === 0) return first
  const last = all.at(-1) ?? null
  return all
    .slice(0, -1)
    .reduceRight(
      (above: Value, below) => merged(dictIn(below, 'each part'), dictIn(above, 'each part'), style, budget),
      last,
    )
}

function refuseMissing(value: Value, budget: Budget) {
  budget.spend()
  if (value instanceof Undefined) throw value.fault()
  if (Array.isArray(value)) for (const item of value) refuseMissing(item, budget)
  if (value instanceof Dict) for (const [, item] of value.entries()) refuseMissing(item, budget)
}

interface Style {
  readonly isDeep: boolean
  readonly lists: string
}

function merged(below: Dict, above: Dict, style: Style, budget: Budget) {
  budget.spend(2 + above.size)
  budget.rows(below.size + above.size, 1)
  if (below.size === 0 || isEqual(below, above, budget)) return new Dict(above.entries())
  const result = new Dict(below.entries())
  for (const [key, value] of above.entries()) {
    budget.spend(keyWork(key))
    const own = result.get(key)
    result.set(key, own === undefined ? value : mergedValue(own, value, style, budget))
  }
  return result
}

function mergedValue(below: Value, above: Value, style: Style, budget: Budget) {
  if (below instanceof Dict && above instanceof Dict) return style.isDeep ? merged(below, above, style, budget) : above
  if (!Array.isArray(below) || !Array.isArray(above)) return above
  const others = () => below.filter((item) => !above.some((one) => isEqual(one, item, budget)))
  budget.rows(1, below.length + above.length)
  switch (style.lists) {
    case 'keep':
      return below
    case 'append':
      return [...below, ...above]
    case 'prepend':
      return [...above, ...below]
    case 'append_rp':
      return [...others(), ...above]
    case 'prepend_rp':
      return [...above, ...others()]
    default:
      return above
  }
}

function flattened(
  items: readonly Value[],
  levels: number | undefined,
  skipsNulls: boolean,
  budget: Budget,
  depth = 0,
): Value[] {
  if (depth > 200) throw wrong('the list is nested too deep')
  const below = levels === undefined ? undefined : levels - 1
  return items
    .filter((item) => !(skipsNulls && (item === null || item === 'None' || item === 'null')))
    .flatMap((item) => {
      budget.spend()
      const inner = levels !== undefined && levels < 1 ? undefined : sequenceOf(item)
      return inner === undefined ? [item] : flattened(inner, below, skipsNulls, budget, depth + 1)
    })
}

function subelements(value: Value, [path, skip]: Args, budget: Budget): Value {
  const elements = value instanceof Dict ? value.entries().map(([, item]) => item) : value
  if (!Array.isArray(elements)) throw wrong('a list of mappings is needed')
  const keys = Array.isArray(path) ? path : textIn(path, 'the path').split('.')
  return elements.flatMap((element) => {
    const values = subValues(element, keys, isSet(skip))
    budget.spend()
    budget.rows(values.length, 4)
    return values.map((item) => new Tuple([element, item]))
  })
}

function subValues(element: Value, keys: readonly Value[], mayBeMissing: boolean) {
  let values: Value = element
  for (const key of keys) {
    const next = dictIn(values, 'each element').get(key)
    if (next === undefined && mayBeMissing) return []
    if (next === undefined) throw wrong('an element lacks the key', 'give `skip_missing=true`')
    values = next
  }
  if (!Array.isArray(values)) throw wrong('the key must lead to a list')
  return values
}

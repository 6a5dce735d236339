import {
  type Args,
  countIn,
  dictIn,
  type Filters,
  filter,
  isEqual,
  isSet,
  isTrue,
  lenientFilter,
  markingFilter,
  orderOf,
  plainFilter,
  safeFilter,
  textIn,
} from '../call/arguments.ts'
import { textOf } from '../call/print.ts'
import { inOrder } from '../object/access.ts'
import { combined, flooredQuotient } from '../object/arithmetic.ts'
import {
  type Budget,
  Dict,
  hashOf,
  ItemGroup,
  itemsOf,
  keyWork,
  listOf,
  Markup,
  sequenceOf,
  TemplateFault,
  type TemplateRuntime,
  Tuple,
  typeOf,
  Undefined,
  unmarked,
  type Value,
  wrong,
} from '../value/value.ts'

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
  let values = element
  for (const key of keys) {
    const next = dictIn(values, 'each element').get(key)
    if (next === undefined && mayBeMissing) return []
    if (next === undefined) throw wrong('an element lacks the key', 'give `skip_missing=true`')
    values = next
  }
  if (!Array.isArray(values)) throw wrong('the key must lead to a list')
  return values
}

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
    const key = keyOf(cases, getterOf(attribute, host))
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
  const key = keyOf(cases, getterOf(attribute, host))
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

type Getter = (item: Value) => Value

/** What `attribute='a.b.0'` gets of an item: members, and items by number. */
export function getterOf(attribute: Value | undefined, host: TemplateRuntime, otherwise?: Value): Getter {
  const keys = keysOf(attribute)
  const replaces = otherwise !== undefined && otherwise !== null
  return (item) =>
    keys.reduce((of, key) => {
      const part = host.item(of, key)
      return replaces && part instanceof Undefined ? otherwise : part
    }, item)
}

function manyGetterOf(attribute: Value | undefined, host: TemplateRuntime): Getter {
  const single = typeof attribute === 'string' ? attribute.split(',') : [attribute]
  const getters = single.map((one) => getterOf(one, host))
  return (item) => getters.map((getter) => getter(item))
}

function keysOf(attribute: Value | undefined): readonly Value[] {
  if (attribute === undefined || attribute === null) return []
  if (typeof attribute !== 'string') return [attribute]
  return attribute.split('.').map((part) => (/^\d+$/.test(part) ? BigInt(part) : part))
}

// Texts in small letters, so that comparing does not mind the case.
function withoutCase(value: Value): Value {
  const own = unmarked(value)
  return typeof own === 'string' ? own.toLowerCase() : own
}

function allWithoutCase(value: Value): Value {
  return Array.isArray(value) ? value.map(withoutCase) : withoutCase(value)
}

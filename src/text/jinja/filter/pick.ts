import { textIn } from '../call/arguments.ts'
import { isTrue } from '../call/compare.ts'
import { type Filter, type Filters, filter, lenientFilter, safeFilter } from '../call/define.ts'
import { memberOf } from '../object/access.ts'
import { wrong } from '../value/fault.ts'
import { itemsOf, lengthOf } from '../value/iterate.ts'
import type { TemplateRuntime } from '../value/template-runtime.ts'
import { type CallArguments, Undefined, type Value } from '../value/value.ts'
import { getterOf } from './attribute.ts'

/** Jinja2's filters that go through a list with another filter or a test, and those that ask for what may be missing. */
export const PICKING_FILTERS: Filters = {
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
  attr: filter('name', (value, [name], host) => {
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

function otherwise(value: Value, [instead = '', boolean = false]: readonly (Value | undefined)[]): Value {
  return value instanceof Undefined || (isTrue(boolean) && !isTrue(value)) ? instead : value
}

/** The items of a value that counts as true; none of another one, whatever it is. */
function nonEmpty(value: Value, { budget }: TemplateRuntime): readonly Value[] {
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

import type { TemplateRuntime } from '../value/template-runtime.ts'
import { Undefined, unmarked, type Value } from '../value/value.ts'

export type Getter = (item: Value) => Value

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

export function manyGetterOf(attribute: Value | undefined, host: TemplateRuntime): Getter {
  const single = typeof attribute === 'string' ? attribute.split(',') : [attribute]
  const getters = single.map((one) => getterOf(one, host))
  return (item) => getters.map((getter) => getter(item))
}

function keysOf(attribute: Value | undefined): readonly Value[] {
  if (attribute === undefined || attribute === null) return []
  if (typeof attribute !== 'string') return [attribute]
  return attribute.split('.').map((part) => (/^\d+$/.test(part) ? BigInt(part) : part))
}

/** Texts in small letters, so that comparing does not mind the case. */
export function withoutCase(value: Value): Value {
  const own = unmarked(value)
  return typeof own === 'string' ? own.toLowerCase() : own
}

export function allWithoutCase(value: Value): Value {
  return Array.isArray(value) ? value.map(withoutCase) : withoutCase(value)
}

import { type LazyValue, ValueFault } from '../../../model/lazy-value.ts'
import type { SourceValues } from './source-reading.ts'

/** A part of variables by its path with dots: `role.slug`, `interfaces.0.name`. Throws `ValueFault`. */
export function valueAt(values: SourceValues, path: string): LazyValue | undefined {
  const [first = '', ...steps] = values.get(path) === undefined ? path.split('.') : [path]
  return steps.reduce<LazyValue | undefined>((value, step) => {
    if (value?.kind === 'map') return value.member(step)
    return value?.kind === 'list' && /^\d{1,6}$/.test(step) ? value.item(Number(step)) : undefined
  }, values.get(first))
}

/** Undefined for null and for an empty text. Throws `ValueFault` for a list and a mapping. */
export function textOf(value: LazyValue | undefined, what: string): string | undefined {
  if (value === undefined) return undefined
  if (value.kind !== 'scalar') {
    const is = value.kind === 'list' ? 'a list' : 'a mapping'
    throw new ValueFault({ code: 'inventory-value', message: `${what} must be one value, not ${is}`, at: value.at })
  }
  return value.value === null || value.value === '' ? undefined : String(value.value)
}

/** Throws `ValueFault` for anything else. */
export function portOf(value: LazyValue | undefined, what: string): number | undefined {
  const text = textOf(value, what)
  if (text === undefined || value === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new ValueFault({
    code: 'inventory-value',
    message: `${what} must be the number of a port, from 1 to 65535`,
    at: value.at,
  })
}

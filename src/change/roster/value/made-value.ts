import type { LazyScalar, LazyValue } from '../../../model/lazy-value.ts'
import { nameOfKey, type WrittenKey } from '../../../model/map-keys.ts'
import type { Place } from '../../../model/problem.ts'
import { Dict, sequenceOf, Tuple, type Value } from '../../../text/jinja/value/value.ts'

/** Whence a value is that a template made: all its parts have the place and the secrecy of the template. */
export interface Origin {
  readonly at: Place
  readonly isSecret: boolean
  /** Is given each text and number that is secret when it is read. */
  readonly onSecret: (text: string) => void
}

/** The lazy value of what a template made: nothing in it is rendered again. Undefined where it is nothing that JSON has. */
export function madeValue(value: Value, origin: Origin): LazyValue | undefined {
  const items = sequenceOf(value)
  if (items !== undefined) return listOf(items, origin)
  if (value instanceof Dict) return mapOf(value, origin)
  return value === null || typeof value !== 'object' ? scalarOf(value, origin) : undefined
}

/** The lazy value of a scalar as Python has it. */
export function scalarOf(
  value: null | boolean | bigint | number | string,
  { at, isSecret, onSecret }: Origin,
): LazyScalar {
  if (isSecret && value !== null && typeof value !== 'boolean') onSecret(String(value))
  if (typeof value === 'number' && Number.isInteger(value))
    return { kind: 'scalar', value, isSecret, isFloat: true, at }
  const isSmall = typeof value === 'bigint' && value === BigInt(Number(value)) && Number.isSafeInteger(Number(value))
  return { kind: 'scalar', value: isSmall ? Number(value) : value, isSecret, at }
}

function listOf(items: readonly Value[], origin: Origin): LazyValue {
  return {
    kind: 'list',
    at: origin.at,
    length: items.length,
    item: (index) => {
      const item = items[index]
      return item === undefined ? undefined : madeValue(item, origin)
    },
  }
}

function mapOf(dict: Dict, origin: Origin): LazyValue {
  const entries = new Map(dict.entries().map(([key, value]) => [nameOfKey(writtenOf(key)), { key, value }]))
  return {
    kind: 'map',
    at: origin.at,
    keys: () => [...entries.keys()],
    writtenKey: (name) => writtenOf(entries.get(name)?.key ?? name),
    member: (name) => {
      const entry = entries.get(name)
      return entry === undefined ? undefined : madeValue(entry.value, origin)
    },
  }
}

function writtenOf(key: Value): WrittenKey {
  if (key === null || typeof key !== 'object') return key
  return key instanceof Tuple ? `(${key.items.map((item) => nameOfKey(writtenOf(item))).join(', ')})` : ''
}

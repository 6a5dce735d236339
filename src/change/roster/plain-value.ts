import { type LazyValue, ValueFault } from '../../model/lazy-value.ts'
import { keysOf, nameOfKey, writtenKeys } from '../../model/map-keys.ts'
import type { Place } from '../../model/problem.ts'
import { WholeFloat } from '../../model/whole-float.ts'
import { type RosterMap, type RosterValue, UnsafeText, type Variable, VaultText } from './hosts/roster.ts'

/** Reading a value that is encrypted throws {@link ValueFault}. */
export function plainValue({ value, at, placeOf = () => at, isSecret }: Variable): LazyValue {
  return valueAt(value, [], placeOf, isSecret === true)
}

type Path = readonly (string | number)[]

function valueAt(value: RosterValue, path: Path, placeOf: (path: Path) => Place, isSecret: boolean): LazyValue {
  const at = placeOf(path)
  if (value instanceof VaultText)
    throw new ValueFault({ code: 'inventory-vault', message: 'a vault is not opened here', at })
  if (value instanceof UnsafeText) return { kind: 'scalar', value: value.text, isSecret, at }
  if (value instanceof WholeFloat) return { kind: 'scalar', value: value.value, isSecret, isFloat: true, at }
  if (value === null || typeof value !== 'object') return { kind: 'scalar', value, isSecret, at }
  const below = (member: RosterValue, step: string | number): LazyValue =>
    valueAt(member, [...path, step], placeOf, isSecret)
  if (Array.isArray(value)) {
    const items = value as readonly RosterValue[]
    return {
      kind: 'list',
      at,
      length: items.length,
      item: (index) => {
        const item = items[index]
        return item === undefined ? undefined : below(item, index)
      },
    }
  }
  const map = value as RosterMap
  return {
    kind: 'map',
    at,
    keys: () => keysOf(map),
    writtenKey: (name) => writtenKeys(map).find((key) => nameOfKey(key) === name) ?? name,
    member: (key) => {
      const member = Object.hasOwn(map, key) ? map[key] : undefined
      return member === undefined ? undefined : below(member, key)
    },
  }
}

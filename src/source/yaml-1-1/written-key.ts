import type { WrittenKey } from '../../model/map-keys.ts'
import { WholeFloat } from '../../model/whole-float.ts'
import { type Mark, YamlFault } from './fault.ts'

/** A value as the key of a mapping. Throws YamlFault for a list and all else that Python cannot have for a key. */
export function writtenKey(key: unknown, at: Mark): WrittenKey {
  if (typeof key === 'string' || key === null || typeof key === 'boolean' || typeof key === 'bigint') return key
  if (typeof key === 'number') return Number.isInteger(key) ? key : String(key)
  if (key instanceof WholeFloat) return `${key.value}.0`
  throw new YamlFault('a key must be a text, a number or a truth', at)
}

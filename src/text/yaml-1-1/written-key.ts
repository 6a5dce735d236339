import type { WrittenKey } from '../../model/map-keys.ts'
import { WholeFloat } from '../../model/whole-float.ts'
import { type Mark, YamlFault } from './fault.ts'

/** A value as the key of a mapping. Throws YamlFault for a list and all else that Python cannot have for a key, and where `isStrict` for a float. */
export function writtenKey(key: unknown, at: Mark, isStrict = false): WrittenKey {
  if (typeof key === 'string' || key === null || typeof key === 'boolean' || typeof key === 'bigint') return key
  if (isStrict && (key instanceof WholeFloat || (typeof key === 'number' && !Number.isInteger(key))))
    throw new YamlFault('a key is a float here', at, 'put it in quotes')
  if (typeof key === 'number') return Number.isInteger(key) ? key : String(key)
  if (key instanceof WholeFloat) return `${key.value}.0`
  throw new YamlFault('a key must be a text, a number or a truth', at)
}

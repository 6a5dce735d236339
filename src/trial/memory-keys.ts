import { createHash } from 'node:crypto'
import { signingKeyOf } from '../model/ed25519.ts'
import { EosflowError } from '../model/error.ts'
import type { KeyRing, SigningKeys } from '../system/signing-keys.ts'

/** A key takes longer to make than a simulated request: each name has its own once and for all. */
const rings = new Map<string, KeyRing>()

/** The signing keys of a store in memory, for simulated switches only: made of a name, so that they are nobody's secret. */
export function memoryKeys(name: string): SigningKeys {
  const ring = (key: string): KeyRing => {
    const whole = `${name}/${key}`
    const known = rings.get(whole)
    if (known !== undefined) return known
    const made = signingKeyOf(createHash('sha256').update(whole).digest())
    const one = { key: made, retired: [], lost: [], source: 'memory' }
    rings.set(whole, one)
    return one
  }
  return {
    read: ring,
    readOrMake: ring,
    rotate: (key) => Promise.reject(new EosflowError('bug', `the ${key} key of a store in memory is not replaced`)),
  }
}

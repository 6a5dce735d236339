import { createHash } from 'node:crypto'
import { signingKeyOf } from '../model/ed25519.ts'
import { EosflowError } from '../model/error.ts'
import type { KeyRing, SigningKeys } from '../system/signing-keys.ts'

/** The signing keys of a store in memory, for simulated switches only: made of a name, so that they are nobody's secret. */
export function memoryKeys(name: string): SigningKeys {
  const ring = (key: string): KeyRing => ({
    key: signingKeyOf(createHash('sha256').update(`${name}/${key}`).digest()),
    retired: [],
    lost: [],
    source: 'memory',
  })
  return {
    read: ring,
    readOrMake: ring,
    rotate: (key) => Promise.reject(new EosflowError('bug', `the ${key} key of a store in memory is not replaced`)),
  }
}

import {
  type CheckpointVerifier,
  checkpointSigner,
  verifierOfKey,
  withReplaced,
} from '../../../change/record/audit/checkpoint-key.ts'
import { storeKeys } from '../../../change/record/seal/store-keys.ts'
import { signingKeyOf } from '../../../model/ed25519.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import { type KeyRing, type SigningKeys, signingKeys } from '../../system/machine/signing-keys.ts'

/**
 * Judges the checkpoints of a store by the keys beside it: its checkpoint key, and those that it has replaced. Where there is none yet,
 * an earlier version has signed, with a key derived from the install key.
 */
export function ownVerifier(keys: SigningKeys, { key }: Pick<InstallKeys, 'key'>): CheckpointVerifier {
  const ring = keys.read('checkpoint')
  if (ring === undefined) return checkpointSigner(signingKeyOf(storeKeys(key).checkpoint))
  return ringVerifier(ring)
}

/** Judges checkpoints by a key and those that it has replaced. */
export function ringVerifier({ key, retired, lost }: KeyRing): CheckpointVerifier {
  const replaced = retired.map(({ publicKey, until = 0 }) => ({ verifier: verifierOfKey(publicKey), until }))
  return withReplaced(verifierOfKey(key.publicKey), replaced, lost)
}

export function ownVerifierIn(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  installKey: InstallKeys,
): CheckpointVerifier {
  return ownVerifier(signingKeys(folder, env), installKey)
}

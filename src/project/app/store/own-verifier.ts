import type { StoredCheckpoint } from '../../../change/record/audit/audit-trail.ts'
import {
  type CheckpointVerifier,
  checkpointKeyId,
  checkpointSigner,
  type LostKey,
  verifierOfKey,
  withReplaced,
} from '../../../change/record/audit/chains-checkpoint.ts'
import { storeKeys } from '../../../change/record/seal/store-keys.ts'
import { type SigningKey, signingKeyOf } from '../../../model/ed25519.ts'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import { type KeyRing, SIGNING_KEYS, type SigningKeys, signingKeys } from '../../system/machine/key-files.ts'
import type { WordedHost } from '../../system/process/host.ts'

const { env: VARIABLE, file: FILE } = SIGNING_KEYS.checkpoint

/** The key that goes on signing the checkpoints of a store: the one that has signed the newest, or that has replaced it. A new store gets one. */
export function ownSigner(host: WordedHost, keys: SigningKeys, before: StoredCheckpoint | undefined): SigningKey {
  const ring = keys.read('checkpoint')
  if (ring === undefined) return madeFor(host, keys, before)
  const fault = before === undefined ? undefined : ringFault(host, ring, before)
  if (fault !== undefined) throw fault
  return ring.key
}

/** Why nothing could be signed here, where a store has been signed before; no key is made. */
export function signerFault(host: WordedHost, keys: SigningKeys, before: StoredCheckpoint): EosflowError | undefined {
  const ring = keys.read('checkpoint')
  return ring === undefined ? noKey(host, before) : ringFault(host, ring, before)
}

function ringFault(host: WordedHost, ring: KeyRing, before: StoredCheckpoint) {
  return 'fault' in ringVerifier(ring).read(before.note) ? otherKey(host, ring, before) : undefined
}

function madeFor(host: WordedHost, keys: SigningKeys, before: StoredCheckpoint | undefined) {
  if (before !== undefined) throw noKey(host, before)
  return keys.readOrMake('checkpoint').key
}

/** The keys that have signed checkpoints which cannot be judged any more, each with the last record that it has signed for, newest first. */
export function lostKeys(
  verifier: Pick<CheckpointVerifier, 'read'>,
  checkpoints: readonly Pick<StoredCheckpoint, 'note' | 'seq'>[],
): readonly LostKey[] {
  const untilOf = new Map<string, number>()
  for (const { note, seq } of checkpoints) {
    const keyId = 'fault' in verifier.read(note) ? checkpointKeyId(note) : undefined
    if (keyId !== undefined) untilOf.set(keyId, Math.max(seq, untilOf.get(keyId) ?? 0))
  }
  return [...untilOf].map(([keyId, until]) => ({ keyId, until })).sort((one, other) => other.until - one.until)
}

function otherKey(host: WordedHost, { source }: KeyRing, { note }: StoredCheckpoint) {
  const rotate = host.words({ code: 'rotate-lost-checkpoint-key' })
  const isGiven = source === VARIABLE
  const message = `${source} holds another checkpoint key than the one that has signed this store (key id ${checkpointKeyId(note)})`
  const back = isGiven
    ? `Take ${VARIABLE} away where ${FILE} beside the store is the right one, or give the right one.`
    : `Put the ${FILE} back that was beside this store.`
  const lost = isGiven ? `Where it is lost, without ${VARIABLE}: ${rotate}` : `Where it is lost: ${rotate}`
  return new EosflowError('store', message, { hint: `${back} ${lost}.` })
}

function noKey(host: WordedHost, { note }: StoredCheckpoint) {
  return new EosflowError(
    'store',
    `the checkpoint key that has signed this store is not here (key id ${checkpointKeyId(note)}; ${VARIABLE}, or ${FILE} beside the store)`,
    { hint: `Give it back. Where it is lost: ${host.words({ code: 'rotate-lost-checkpoint-key' })}.` },
  )
}

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

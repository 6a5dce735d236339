import type { StoreKeys } from '../store-keys.ts'

/** The seal of the newest checkpoint, by the digest of its text: without the key nobody takes it away. Canonical JSON. */
export function checkpointSeal(keys: StoreKeys, origin: string, checkpoint: number, digest: Uint8Array): string {
  return keys.seal(JSON.stringify({ checkpoint, digest: Buffer.from(digest).toString('hex'), origin }))
}

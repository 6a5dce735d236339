import { hexOf } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'

export interface SealedCheckpoint {
  readonly origin: string
  readonly checkpoint: number
  readonly digest: Uint8Array
}

/** The seal of the newest checkpoint: without the key nobody takes it away. */
export function checkpointSeal(keys: StoreKeys, sealed: SealedCheckpoint): string {
  return keys.seal(textOf(sealed))
}

/** Whether it is the one of the key that the store is under. */
export function isCheckpointSeal(keys: StoreKeys, sealed: SealedCheckpoint, seal: string): boolean {
  return keys.isSeal(textOf(sealed), seal)
}

function textOf({ origin, checkpoint, digest }: SealedCheckpoint): string {
  return JSON.stringify({ checkpoint, digest: hexOf(digest), origin })
}

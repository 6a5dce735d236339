import {
  type ChainsCheckpoint,
  checkpointDigest,
  NO_CHECKPOINT,
  readChainsCheckpoint,
} from '../audit/chains-checkpoint.ts'
import { readNote } from '../audit/signed-note.ts'
import { BrokenChainError, type ChainFault, hexOf } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { CheckpointRow, RecordView } from './records.ts'

export interface SealKeys {
  readonly origin: string
  readonly keys: StoreKeys
}

export interface ReadCheckpoint {
  readonly row: CheckpointRow
  readonly said: ChainsCheckpoint
}

// The seals of the newest checkpoint: one, unless somebody has altered that.
type Seals = readonly { readonly id: number; readonly seal: Uint8Array }[]

/** What the seal of the newest checkpoint is over: without the key nobody takes it away. */
export function checkpointText(origin: string, checkpoint: number, digest: Uint8Array): string {
  return JSON.stringify({ checkpoint, digest: hexOf(digest), origin })
}

/** The seal that a store begins with, before any checkpoint is signed: that none is there is sealed, too. */
export function sealOfNone({ origin, keys }: SealKeys): string {
  return keys.seal(checkpointText(origin, 0, NO_CHECKPOINT))
}

export function newestFault(
  [head, other]: Seals,
  newest: CheckpointRow | undefined,
  { origin, keys }: SealKeys,
): ChainFault | undefined {
  const seq = newest?.seq ?? 0
  if (other !== undefined) return { seq, reason: 'the newest checkpoint is sealed more than once' }
  if (head === undefined) return { seq, reason: 'the seal of the newest checkpoint is gone' }
  if (head.id > (newest?.id ?? 0)) return { seq, reason: `checkpoint ${head.id} is missing` }
  const said = newest === undefined ? undefined : saidIn(newest)
  if (newest !== undefined && said === undefined) return { seq, reason: `checkpoint ${newest.id} cannot be read` }
  const digest = said === undefined ? NO_CHECKPOINT : checkpointDigest(said)
  const id = newest?.id ?? 0
  return head.id === id && keys.isSeal(checkpointText(origin, id, digest), hexOf(head.seal))
    ? undefined
    : { seq, reason: 'the seal of the newest checkpoint is broken' }
}

/** The newest checkpoint, by whoever is to put another one behind it: what is signed over can never be found. Undefined where none was signed yet. */
export async function provenNewest(
  view: Pick<RecordView, 'checkpointSeals' | 'newestCheckpoint'>,
  sealedBy: SealKeys,
): Promise<ReadCheckpoint | undefined> {
  const row = await view.newestCheckpoint()
  const fault = newestFault(await view.checkpointSeals(), row, sealedBy)
  if (fault !== undefined) throw new BrokenChainError(fault)
  const said = row === undefined ? undefined : saidIn(row)
  return row === undefined || said === undefined ? undefined : { row, said }
}

/**
 * The seal of the newest checkpoint by the next key, of a store that is put under that. Throws BrokenChainError where it is not the one that the present
 * key has sealed as the newest.
 */
export async function newestResealed(
  view: Pick<RecordView, 'checkpointSeals' | 'newestCheckpoint'>,
  { origin, keys }: SealKeys,
  next: StoreKeys,
): Promise<string> {
  const newest = await provenNewest(view, { origin, keys })
  if (newest === undefined) return sealOfNone({ origin, keys: next })
  return next.seal(checkpointText(origin, newest.row.id, checkpointDigest(newest.said)))
}

function saidIn({ note }: CheckpointRow) {
  return readChainsCheckpoint(readNote(note)?.text ?? '')
}

import type { Delivery, StoredCheckpoint } from '../audit/audit-trail.ts'
import {
  type ChainHead,
  type ChainsCheckpoint,
  checkpointDigest,
  NO_CHECKPOINT,
  readChainsCheckpoint,
} from '../audit/chains-checkpoint.ts'
import { readNote } from '../audit/signed-note.ts'
import type { ArtefactRef } from '../event/event.ts'
import { BrokenChainError, type ChainFault, hexOf } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { RotationRow } from '../store/install-rotation.ts'
import type { ChainRows } from './chain-rows.ts'

export interface StoreSaid {
  readonly origin: string
  readonly check: string
}

export interface ChainEnd extends ChainHead {
  readonly seal: Uint8Array
  readonly isOpen: boolean
  readonly hasActed: boolean
  /** The hash of the row that the head says to be the newest; null where there is none. */
  readonly stored: Uint8Array | null
}

interface KeptHead {
  readonly n: number
  readonly hash: Uint8Array
  readonly seal: Uint8Array
  readonly positions: readonly number[]
}

export interface KeptRegister extends KeptHead {
  /** The position of the newest record by which a clock was accepted; 0 where there is none. */
  readonly clockSince: number
}

export interface KeptExecution extends KeptHead {
  readonly id: string
  readonly first: number
  readonly last: number
  readonly isOpen: boolean
  readonly hasActed: boolean
  readonly token: number
  /** The number of the record in the register by which its records have left the store; null while they are here. */
  readonly retired: number | null
}

export interface CheckpointRow extends StoredCheckpoint {
  readonly heads: string
}

export interface RetiredRow {
  readonly pos: number
  readonly body: string
}

export interface TextRow {
  readonly ref: ArtefactRef
  readonly bytes: Uint8Array
}

/** Throws `store` where the store cannot be asked. */
export interface RecordView extends ChainRows {
  said(): Promise<StoreSaid | undefined>
  rotations(): Promise<readonly RotationRow[]>
  newestPosition(): Promise<number>
  horizon(): Promise<number>

  /** The head of the register: one, unless somebody has altered that. */
  keptRegister(): Promise<readonly KeptRegister[]>
  keptExecutions(): Promise<readonly KeptExecution[]>
  keptHeads(executions: readonly string[]): Promise<readonly ChainHead[]>
  registerEnd(): Promise<ChainEnd | undefined>
  /** The heads of executions that are open, that have ended behind a number in the register, or that are named. */
  executionEnds(behind: number, named: readonly string[]): Promise<readonly ChainEnd[]>

  checkpoints(): Promise<readonly CheckpointRow[]>
  newestCheckpoint(): Promise<CheckpointRow | undefined>
  checkpointsBehind(id: number): Promise<readonly StoredCheckpoint[]>
  checkpointsBetween(from: number, through: number): Promise<readonly CheckpointRow[]>
  checkpointOver(execution: string): Promise<CheckpointRow | undefined>
  /** The seal of the newest checkpoint: one at most, unless somebody has altered that. */
  checkpointSeals(): Promise<readonly { readonly id: number; readonly seal: Uint8Array }[]>

  segments(): Promise<readonly RetiredRow[]>
  /** The position of the newest of them; 0 where there is none. */
  newestSegment(): Promise<number>

  /** What was used once, and the execution that has used it; null where a record outside of executions has. */
  usedKeys(): Promise<readonly { readonly key: string; readonly execution: string | null }[]>
  taskTokens(): Promise<readonly { readonly token: string; readonly execution: string }[]>
  leases(): Promise<readonly { readonly device: string; readonly execution: string }[]>
  deliveries(): Promise<readonly Pick<Delivery, 'receiver' | 'position'>[]>
  delivery(receiver: string): Promise<Delivery | undefined>
  /** Texts behind a reference, in order, so many at most: each may be a configuration. */
  textsBehind(ref: string, most: number): Promise<readonly TextRow[]>
}

export interface RetiringExecution {
  readonly id: string
  readonly n: number
  readonly first: number
  readonly last: number
}

/** Which executions are meant: those that ended before a time, ISO 8601 in UTC, or all but the newest ones. */
export type LeavingPart = { readonly before: string } | { readonly keep: number }

export interface KeptReasons {
  readonly executions: readonly string[]
  readonly through: number
  /** ISO 8601 in UTC. */
  readonly now: string
}

export interface RetirementRows {
  /** The executions whose records may leave the store, the oldest first. Throws `store` where whoever asks may not take any out. */
  leaving(part: LeavingPart, asked: KeptReasons): Promise<readonly RetiringExecution[]>
  texts(refs: readonly string[]): Promise<readonly TextRow[]>
  named(): Promise<readonly string[]>
  /** Takes out the texts that no record here names, unless they are given: those that only other texts name. */
  takeOutTexts(inner: readonly string[]): Promise<RemovedTexts>
}

/** How many texts were taken out, and how many bytes. */
export interface RemovedTexts {
  readonly texts: number
  readonly bytes: number
}

export interface CheckpointPut extends CheckpointRow {
  readonly key: string
  readonly seal: string
}

export interface Records {
  readonly now: RecordView
  view<T>(work: (rows: RecordView) => Promise<T>): Promise<T>
  readonly retirement: RetirementRows
  /** False where there is one of that number or a later one, or the store is under another install key: nothing is kept then. */
  putCheckpoint(checkpoint: CheckpointPut): Promise<boolean>
  /** Keeps how far a receiver is; it never goes back. Throws BrokenChainError where what is kept of any of them is not what was sealed last. */
  putDelivery(delivery: Delivery): Promise<void>
}

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

import type { Delivery, StoredCheckpoint } from '../audit/audit-trail.ts'
import type { ChainHead } from '../audit/chains-checkpoint.ts'
import type { ArtefactRef } from '../event/event.ts'
import type { RotationRow } from '../store/install-rotation.ts'
import type { ChainRows } from './chain-rows.ts'

/** What a store says of itself. */
export interface StoreSaid {
  /** What its chains begin with. */
  readonly origin: string
  /** The check of the install key that it is under. */
  readonly check: string
}

/** The head of a chain, with the row that it says to be the newest. */
export interface ChainEnd extends ChainHead {
  readonly seal: Uint8Array
  readonly isOpen: boolean
  readonly hasActed: boolean
  /** The hash of the row that the head says to be the newest; null where there is none. */
  readonly stored: Uint8Array | null
}

/** A head as it is kept. */
interface KeptHead {
  readonly n: number
  readonly hash: Uint8Array
  readonly seal: Uint8Array
  readonly positions: readonly number[]
}

/** The head of the register as it is kept. */
export interface KeptRegister extends KeptHead {
  /** The position of the newest record by which a clock was accepted; 0 where there is none. */
  readonly clockSince: number
}

/** What is kept of an execution. */
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

/** A checkpoint with the numbers of the heads that it speaks of, by their chains: JSON. */
export interface CheckpointRow extends StoredCheckpoint {
  readonly heads: string
}

/** A record of the register that executions have left the store. */
export interface RetiredRow {
  readonly pos: number
  readonly body: string
}

/** A text as it is kept: encrypted. */
export interface TextRow {
  readonly ref: ArtefactRef
  readonly bytes: Uint8Array
}

/** All that a store has on record, and beside that. Nothing here judges: what is given may have been altered, and whoever asks verifies it. Throws `store` where the store cannot be asked. */
export interface RecordView extends ChainRows {
  /** Undefined where the store has lost it. */
  said(): Promise<StoreSaid | undefined>
  /** The records that the install key was rotated, in order. */
  rotations(): Promise<readonly RotationRow[]>
  /** The newest position of all chains; 0 where there is none. */
  newestPosition(): Promise<number>
  /** The position up to which nothing can be added any more. */
  horizon(): Promise<number>

  /** The head of the register: one, unless somebody has altered that. */
  keptRegister(): Promise<readonly KeptRegister[]>
  /** In the order in which they began. */
  keptExecutions(): Promise<readonly KeptExecution[]>
  /** The heads of some executions, in the order of their ids. */
  keptHeads(executions: readonly string[]): Promise<readonly ChainHead[]>
  /** Undefined where the head of the register is gone. */
  registerEnd(): Promise<ChainEnd | undefined>
  /** The heads of executions that are open, that have ended behind a number in the register, or that are named. */
  executionEnds(behind: number, named: readonly string[]): Promise<readonly ChainEnd[]>

  /** In order. */
  checkpoints(): Promise<readonly CheckpointRow[]>
  newestCheckpoint(): Promise<CheckpointRow | undefined>
  /** Those behind a number, in order. */
  checkpointsBehind(id: number): Promise<readonly StoredCheckpoint[]>
  /** Those whose newest position is between two, both included, in order. */
  checkpointsBetween(from: number, through: number): Promise<readonly CheckpointRow[]>
  /** The first that speaks of the newest record of an execution. */
  checkpointOver(execution: string): Promise<CheckpointRow | undefined>
  /** The seal of the newest checkpoint: one at most, unless somebody has altered that. */
  checkpointSeals(): Promise<readonly { readonly id: number; readonly seal: Uint8Array }[]>

  /** The records by which executions have left the store, in order. */
  segments(): Promise<readonly RetiredRow[]>
  /** The position of the newest of them; 0 where there is none. */
  newestSegment(): Promise<number>

  /** What was used once, and the execution that has used it; null where a record outside of executions has. */
  usedKeys(): Promise<readonly { readonly key: string; readonly execution: string | null }[]>
  taskTokens(): Promise<readonly { readonly token: string; readonly execution: string }[]>
  leases(): Promise<readonly { readonly device: string; readonly execution: string }[]>
  /** How far each receiver is, in the order of their names. */
  deliveries(): Promise<readonly Pick<Delivery, 'receiver' | 'position'>[]>
  delivery(receiver: string): Promise<Delivery | undefined>
  /** Texts behind a reference, in order, so many at most: each may be a configuration. */
  textsBehind(ref: string, most: number): Promise<readonly TextRow[]>
}

/** An execution whose records may leave the store. */
export interface RetiringExecution {
  readonly id: string
  /** How many records it has, and the positions of the first and the last one. */
  readonly n: number
  readonly first: number
  readonly last: number
}

/** Which executions are meant: those that ended before a time, ISO 8601 in UTC, or all but the newest ones. */
export type LeavingPart = { readonly before: string } | { readonly keep: number }

/** What keeps an execution in the store. */
export interface KeptReasons {
  /** Executions that a rule asks for though they have ended. */
  readonly executions: readonly string[]
  /** Up to which position everybody has the records who is sent them. */
  readonly through: number
  /** An approval that expires later may still count. ISO 8601 in UTC. */
  readonly now: string
}

/** What is asked of a store whose records leave, and taken out of it. */
export interface RetirementRows {
  /** The executions whose records may leave the store, the oldest first. Throws `store` where whoever asks may not take any out. */
  leaving(part: LeavingPart, asked: KeptReasons): Promise<readonly RetiringExecution[]>
  /** Texts, of those that are here. */
  texts(refs: readonly string[]): Promise<readonly TextRow[]>
  /** The texts that records here name, but for those of executions that have left. */
  named(): Promise<readonly string[]>
  /** Takes out the texts that no record here names, unless they are given: those that only other texts name. */
  takeOutTexts(inner: readonly string[]): Promise<RemovedTexts>
}

/** How many texts were taken out, and how many bytes. */
export interface RemovedTexts {
  readonly texts: number
  readonly bytes: number
}

/** A checkpoint that is to be kept as the newest one. */
export interface CheckpointPut extends CheckpointRow {
  /** The check of the install key that it is sealed under. */
  readonly key: string
  /** In hexadecimal. */
  readonly seal: string
}

/** The rows of a store with a chain for each execution and one register, each question about all of it, and what is written beside the chains. Each dialect has one implementation. */
export interface Records {
  /** Each answer as of one moment, each of another one. */
  readonly now: RecordView
  /** Several answers as of one moment. It may take an hour. */
  view<T>(work: (rows: RecordView) => Promise<T>): Promise<T>
  readonly retirement: RetirementRows
  /** False where there is one of that number or a later one, or the store is under another install key: nothing is kept then. */
  putCheckpoint(checkpoint: CheckpointPut): Promise<boolean>
  /** Keeps how far a receiver is; it never goes back. Throws BrokenChainError where what is kept of any of them is not what was sealed last. */
  putDelivery(delivery: Delivery): Promise<void>
}

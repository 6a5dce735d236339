import type { ChainRow } from '../seal/chain.ts'
import type { CheckpointVerifier } from './checkpoint-key.ts'
import type { Excerpt, ExcerptSelection } from './excerpt.ts'

/** A checkpoint as the store keeps it. */
export interface StoredCheckpoint {
  /** Counts from 1. */
  readonly id: number
  readonly seq: number
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly note: string
}

/** How far something outside of the store has what it is to have. */
export interface Delivery {
  /** The name of an anchor or of a sink. */
  readonly receiver: string
  /** The newest checkpoint, or record, that it has acknowledged. */
  readonly position: number
  /** When it was last tried, ISO 8601 in UTC. */
  readonly at: string
  /** What kept it from taking more, when it was last tried. */
  readonly fault: string | undefined
}

/** What leaves a store so that others can judge it: its checkpoints, its records as they are, and how far each receiver is. */
export interface AuditTrail {
  /** The name that the chain begins with and that checkpoints bear. */
  readonly origin: string
  readonly key: Pick<CheckpointVerifier, 'pem' | 'line'>
  /** The checkpoints behind a number, in order. */
  checkpoints(after: number): Promise<readonly StoredCheckpoint[]>
  /** The newest checkpoint; a store has one from its first opening on. */
  newestCheckpoint(): Promise<StoredCheckpoint | undefined>
  /** Signs a checkpoint over what this process has appended since the newest one, if it has. */
  checkpoint(): Promise<void>
  /** The same, once the newest is ten minutes old. */
  checkpointInTime(): Promise<void>
  /** Up to `limit` records from `from` on, verified as any others that are read. Throws BrokenChainError. */
  records(from: number, limit: number): Promise<readonly ChainRow[]>
  /** Such records as the lines of an export, with the checkpoints among them: to be verified without the store. */
  jsonLines(rows: readonly ChainRow[]): Promise<string>
  /** The records of an execution with a checkpoint over its newest one; undefined where there is none yet. */
  excerpt(execution: string, wanted: ExcerptSelection): Promise<Excerpt | undefined>
  delivery(receiver: string): Promise<Delivery | undefined>
  /** Keeps how far a receiver is. It never goes back, whoever else delivers, but from what cannot be. */
  delivered(receiver: string, position: number, fault?: string): Promise<void>
}

/** A store whose records leave it. */
export interface AuditedStore {
  readonly audit: AuditTrail
}

/** Whether a receiver has checkpoints, and not records. */
export function isAnchor(receiver: string): boolean {
  return receiver.startsWith('anchor ')
}

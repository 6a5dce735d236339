import type { ChainRow } from '../seal/chain.ts'
import type { CheckpointVerifier } from './checkpoint-key.ts'
import type { Excerpt, ExcerptSelection } from './excerpt.ts'

export interface StoredCheckpoint {
  readonly id: number
  readonly seq: number
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly note: string
}

export interface Delivery {
  readonly receiver: string
  readonly position: number
  /** When it was last tried, ISO 8601 in UTC. */
  readonly at: string
  readonly fault: string | undefined
}

/** What leaves a store so that others can judge it: its checkpoints, its records as they are, and how far each receiver is. */
export interface AuditTrail {
  readonly origin: string
  readonly key: Pick<CheckpointVerifier, 'pem' | 'line'>
  checkpoints(after: number): Promise<readonly StoredCheckpoint[]>
  newestCheckpoint(): Promise<StoredCheckpoint | undefined>
  /** Signs a checkpoint over what this process has appended since the newest one, if it has. */
  checkpoint(): Promise<void>
  /** The same, once the newest is ten minutes old. */
  checkpointInTime(): Promise<void>
  /** Up to `limit` records from `from` on, verified as any others that are read. Throws BrokenChainError. */
  records(from: number, limit: number): Promise<readonly ChainRow[]>
  jsonLines(rows: readonly ChainRow[]): Promise<string>
  /** The records of an execution with a checkpoint over its newest one; undefined where there is none yet. */
  excerpt(execution: string, wanted: ExcerptSelection): Promise<Excerpt | undefined>
  delivery(receiver: string): Promise<Delivery | undefined>
  /** It never goes back, whoever else delivers, but from what cannot be. */
  delivered(receiver: string, position: number, fault?: string): Promise<void>
}

export interface AuditedStore {
  readonly audit: AuditTrail
}

export function isAnchor(receiver: string): boolean {
  return receiver.startsWith('anchor ')
}

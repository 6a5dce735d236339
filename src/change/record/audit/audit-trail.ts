import { z } from 'zod'
import { byPlace } from '../event/cursor.ts'
import type { JournalEvent } from '../event/event.ts'
import { parseEvent } from '../event/record-text.ts'
import type { ChainRow } from '../seal/chain.ts'
import type { CheckpointVerifier } from './chains-checkpoint.ts'
import { readChainsLine } from './jsonl-chains.ts'

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

/**
 * The chain of an execution, and the register up to the signed checkpoint, in which the records of others are digests, as lines of an export: who
 * has it can follow both chains to what a checkpoint signs, and reads nothing of others. Version 2.
 */
export const excerptSchema = z.strictObject({
  v: z.literal(2),
  origin: z.string(),
  lines: z.array(z.string()).readonly(),
  checkpoint: z.string(),
})

export type Excerpt = z.output<typeof excerptSchema>

export interface ExcerptSelection {
  /** No word is written otherwise in JSON. */
  readonly words: readonly string[]
  isWanted(event: JournalEvent): boolean
}

/** Throws `store` for a record that is none. */
export function eventsIn({ lines }: Excerpt): readonly JournalEvent[] {
  return lines
    .map((line) => readChainsLine(line, () => new Uint8Array(32)))
    .flatMap((line) =>
      line?.is === 'row' && !line.isMirror && line.row.digest === undefined
        ? [{ ...parseEvent(line.row.body), seq: line.row.pos }]
        : [],
    )
    .toSorted(byPlace)
}

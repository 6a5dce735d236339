import type Database from 'better-sqlite3'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import type { AuditTrail, Delivery, StoredCheckpoint } from '../audit/audit-trail.ts'
import type { CheckpointVerifier } from '../audit/checkpoint-key.ts'
import type { ChainRow } from '../chain.ts'
import type { StoreHead } from '../store.ts'
import type { CheckpointTable } from './checkpoint-table.ts'
import { DeliveryTable } from './delivery-table.ts'
import { guarded } from './sqlite-error.ts'

/** What the audit trail of a store is made of. `head` and `rows` verify what they give, inside a transaction. */
export interface SqliteAuditTrailParts {
  readonly database: Database.Database
  readonly path: string
  readonly origin: string
  readonly clock: Clock
  readonly checkpoints: CheckpointTable
  readonly head: () => StoreHead
  readonly rows: (from: number, limit: number) => readonly ChainRow[]
}

/** The audit trail of a store in one SQLite file. */
export class SqliteAuditTrail implements AuditTrail {
  readonly #parts: SqliteAuditTrailParts
  readonly #deliveries: DeliveryTable

  constructor(parts: SqliteAuditTrailParts) {
    this.#parts = parts
    this.#deliveries = new DeliveryTable(parts.database)
  }

  get origin(): string {
    return this.#parts.origin
  }

  get key(): Pick<CheckpointVerifier, 'pem' | 'line'> {
    return this.#parts.checkpoints.key
  }

  async checkpoints(after: number): Promise<readonly StoredCheckpoint[]> {
    return this.#guarded(() => this.#parts.checkpoints.behind(after))
  }

  async newestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return this.#guarded(() => this.#parts.checkpoints.newest())
  }

  async checkpoint(): Promise<void> {
    this.#signIf((checkpoints) => checkpoints.isBehind())
  }

  async checkpointInTime(): Promise<void> {
    this.#signIf((checkpoints, at) => checkpoints.isBehind(at))
  }

  /** Signs a checkpoint when the newest is a day old. */
  checkpointDaily(): void {
    this.#signIf((checkpoints, at) => checkpoints.isOld(at))
  }

  /** What is due is asked again inside the transaction: another process may have been faster. */
  #signIf(isDue: (checkpoints: CheckpointTable, at: string) => boolean): void {
    const { database, checkpoints, head } = this.#parts
    const at = this.#now()
    const sign = database.transaction(() => {
      if (isDue(checkpoints, at)) checkpoints.sign(head(), at)
    })
    this.#guarded(() => {
      if (isDue(checkpoints, at)) sign.immediate()
    })
  }

  async records(from: number, limit: number): Promise<readonly ChainRow[]> {
    const { database, rows } = this.#parts
    return this.#guarded(() => database.transaction(() => rows(from, limit)).deferred())
  }

  /** What has one chain is read to be moved, and exported no more. */
  async jsonLines(): Promise<string> {
    throw new EosflowError('bug', 'a store with one chain is not exported')
  }

  async excerpt(): Promise<undefined> {
    return undefined
  }

  async delivery(receiver: string): Promise<Delivery | undefined> {
    return this.#guarded(() => this.#deliveries.get(receiver))
  }

  async delivered(receiver: string, position: number, fault?: string): Promise<void> {
    this.#guarded(() => this.#deliveries.set(receiver, position, this.#now(), fault))
  }

  #guarded<T>(work: () => T): T {
    return guarded(this.#parts.path, work)
  }

  #now(): string {
    return new Date(this.#parts.clock.now()).toISOString()
  }
}

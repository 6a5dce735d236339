import type { Database, Statement } from 'better-sqlite3'
import type { StoredCheckpoint } from '../audit/audit-trail.ts'
import type { CheckpointSigner } from '../audit/checkpoint-key.ts'
import { isDueAfterAppend, isDueByDay, type NewestCheckpoint } from '../audit/checkpoint-time.ts'
import type { ChainPoint } from '../chain.ts'

/** The signed checkpoints of a store. Written inside transactions that know the head. */
export class CheckpointTable {
  readonly #origin: string
  readonly #signer: CheckpointSigner
  readonly #signs: boolean
  readonly #newest: Statement<[], NewestCheckpoint>
  readonly #last: Statement<[], StoredCheckpoint>
  readonly #behind: Statement<[id: number], StoredCheckpoint>
  readonly #insert: Statement<[seq: number, at: string, note: string]>
  /** The newest record that was written through this connection. */
  #written = 0

  /** Without `signs` none is ever due: the key that has signed until now is not at hand. */
  constructor(database: Database, origin: string, signer: CheckpointSigner, signs = true) {
    this.#origin = origin
    this.#signer = signer
    this.#signs = signs
    this.#newest = database.prepare('SELECT seq, at FROM checkpoint ORDER BY id DESC LIMIT 1')
    this.#last = database.prepare('SELECT id, seq, at, note FROM checkpoint ORDER BY id DESC LIMIT 1')
    this.#behind = database.prepare('SELECT id, seq, at, note FROM checkpoint WHERE id > ? ORDER BY id')
    this.#insert = database.prepare('INSERT INTO checkpoint(seq, at, note) VALUES (?, ?, ?)')
  }

  get key(): Pick<CheckpointSigner, 'pem' | 'line'> {
    return this.#signer
  }

  newest(): StoredCheckpoint | undefined {
    return this.#last.get()
  }

  behind(id: number): readonly StoredCheckpoint[] {
    return this.#behind.all(id)
  }

  /** Signs the head if appending up to it at this time has made a checkpoint due. */
  heedAppend(head: ChainPoint, at: string, ended: boolean): void {
    this.#written = head.seq
    if (this.#signs && isDueAfterAppend(this.#newest.get(), head.seq, at, ended)) this.sign(head, at)
  }

  /** Whether this process has appended what no checkpoint covers; with a time, whether ten minutes have gone by as well. */
  isBehind(at?: string): boolean {
    if (!this.#signs) return false
    const newest = this.#newest.get()
    return at === undefined ? this.#written > (newest?.seq ?? 0) : isDueAfterAppend(newest, this.#written, at, false)
  }

  /** Whether the newest checkpoint is a day old. */
  isOld(at: string): boolean {
    return this.#signs && isDueByDay(this.#newest.get(), at)
  }

  /** Signs the head. */
  sign({ seq, hash }: ChainPoint, at: string): void {
    const signed = this.#signer.sign({ origin: this.#origin, seq, hash }, at)
    this.#insert.run(seq, at, signed.note)
  }
}

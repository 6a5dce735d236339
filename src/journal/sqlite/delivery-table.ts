import type { Database, Statement } from 'better-sqlite3'
import { type Delivery, isAnchor } from '../audit/audit-trail.ts'

interface DeliveryRow {
  readonly receiver: string
  readonly position: number
  readonly at: string
  readonly fault: string | null
}

/** How far each anchor and each sink is. */
export class DeliveryTable {
  readonly #records: Statement<[], number>
  readonly #checkpoints: Statement<[], number>
  readonly #select: Statement<[receiver: string], DeliveryRow>
  readonly #upsert: Statement<[receiver: string, position: number, at: string, fault: string | null, newest: number]>

  constructor(database: Database) {
    this.#records = database.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM journal').pluck()
    this.#checkpoints = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM checkpoint').pluck()
    this.#select = database.prepare('SELECT receiver, position, at, fault FROM delivery WHERE receiver = ?')
    this.#upsert = database.prepare(`INSERT INTO delivery(receiver, position, at, fault) VALUES (?, ?, ?, ?)
      ON CONFLICT(receiver) DO UPDATE SET position = iif(position > ?, excluded.position, max(position, excluded.position)), at = excluded.at, fault = excluded.fault`)
  }

  /** What somebody is said to have and is not there is not believed. */
  get(receiver: string): Delivery | undefined {
    const row = this.#select.get(receiver)
    if (row === undefined) return undefined
    const { position } = row
    const isPossible = position <= this.newestFor(receiver)
    return { ...row, fault: row.fault ?? undefined, ...(isPossible ? {} : { position: 0, said: position }) }
  }

  set(receiver: string, position: number, at: string, fault: string | undefined): void {
    this.#upsert.run(receiver, position, at, fault ?? null, this.newestFor(receiver))
  }

  /** The newest that there is for a receiver: a checkpoint, or a record. */
  newestFor(receiver: string): number {
    return (isAnchor(receiver) ? this.#checkpoints : this.#records).get() ?? 0
  }
}

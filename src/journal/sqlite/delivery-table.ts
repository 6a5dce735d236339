import type { Database, Statement } from 'better-sqlite3'
import type { Delivery } from '../audit/audit-trail.ts'

interface DeliveryRow {
  readonly receiver: string
  readonly position: number
  readonly at: string
  readonly fault: string | null
}

/** How far each anchor and each sink is. */
export class DeliveryTable {
  readonly #select: Statement<[receiver: string], DeliveryRow>
  readonly #upsert: Statement<[receiver: string, position: number, at: string, fault: string | null]>

  constructor(database: Database) {
    this.#select = database.prepare('SELECT receiver, position, at, fault FROM delivery WHERE receiver = ?')
    this.#upsert = database.prepare(`INSERT INTO delivery(receiver, position, at, fault) VALUES (?, ?, ?, ?)
      ON CONFLICT(receiver) DO UPDATE SET position = max(position, excluded.position), at = excluded.at, fault = excluded.fault`)
  }

  get(receiver: string): Delivery | undefined {
    const row = this.#select.get(receiver)
    return row === undefined ? undefined : { ...row, fault: row.fault ?? undefined }
  }

  set(receiver: string, position: number, at: string, fault: string | undefined): void {
    this.#upsert.run(receiver, position, at, fault ?? null)
  }
}

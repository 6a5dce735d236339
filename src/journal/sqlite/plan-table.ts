import type { Database, Statement } from 'better-sqlite3'
import { BrokenChainError, sameBytes } from '../chain.ts'
import type { StoreKeys } from '../store-keys.ts'
import type { MarkTable } from './mark-table.ts'
import { PlanSums } from './plan-sums.ts'
import { countedAfter, type RecordCount } from './record-count.ts'
import { sumOf } from './seal-sum.ts'

/** What is kept of a plan: the records that name it. */
export interface PlanEntry extends RecordCount {
  readonly plan: string
}

interface EntryRow extends PlanEntry {
  readonly seal: Uint8Array
}

/** A record that names a plan. */
interface NamingRow {
  readonly seq: number
  readonly plan: string
  readonly hash: Uint8Array
}

/**
 * The records that name each plan, counted and sealed: whether a decision about a plan was altered or taken away shows on the records
 * of that plan, however long ago it was first named. The seals are summed as {@link PlanSums} and sealed with the position up to which
 * entries are kept, so none can be put back as it was. Written inside the transactions of the journal alone.
 */
export class PlanTable {
  readonly #origin: string
  readonly #keys: StoreKeys
  readonly #marks: MarkTable
  readonly #naming: Statement<[after: number, upTo: number], NamingRow>
  readonly #lastBefore: Statement<[plan: string, seq: number], number | null>
  readonly #select: Statement<[place: number, plan: string], EntryRow>
  readonly #at: Statement<[place: number], EntryRow>
  readonly #upsert: Statement<
    [place: number, plan: string, first: number, last: number, records: number, digest: Uint8Array, seal: Uint8Array]
  >
  readonly #clear: Statement<[]>

  constructor(database: Database, origin: string, keys: StoreKeys, marks: MarkTable) {
    this.#origin = origin
    this.#keys = keys
    this.#marks = marks
    // The plus keeps the index away: the few new records are looked at by their position.
    this.#naming = database.prepare(
      'SELECT seq, plan, hash FROM journal WHERE seq > ? AND seq <= ? AND +plan IS NOT NULL ORDER BY seq',
    )
    this.#lastBefore = database
      .prepare<[string, number], number | null>('SELECT max(seq) FROM journal WHERE plan = ? AND seq < ?')
      .pluck()
    this.#select = database.prepare(
      'SELECT plan, first, last, records, digest, seal FROM plan_entry WHERE place = ? AND plan = ?',
    )
    this.#at = database.prepare('SELECT plan, first, last, records, digest, seal FROM plan_entry WHERE place = ?')
    this.#upsert = database.prepare(`INSERT INTO plan_entry(place, plan, first, last, records, digest, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(place, plan) DO UPDATE SET last = excluded.last,
      records = excluded.records, digest = excluded.digest, seal = excluded.seal`)
    this.#clear = database.prepare('DELETE FROM plan_entry')
  }

  /** Up to which record the entries are kept. Throws BrokenChainError when the seal on that does not fit. */
  upTo(): number {
    return this.#marks.find('plan-entries')?.seq ?? 0
  }

  /**
   * The entry of a plan, undefined where no record names it. Throws BrokenChainError when it is not the one that was sealed last.
   */
  entry(plan: string): PlanEntry | undefined {
    const place = PlanSums.placeOf(plan)
    if (!sameBytes(sumOf(this.#at.all(place)), this.#sums().at(place))) throw wrongPlan(this.upTo())
    return this.#kept(plan)
  }

  /** Counts the records that name plans behind a position, up to another, in memory. */
  count(after: number, upTo: number): ReadonlyMap<string, PlanEntry> {
    return this.#counted(after, upTo, (plan, seq) => (after === 0 ? undefined : this.#newest(plan, seq)))
  }

  #counted(
    after: number,
    upTo: number,
    known: (plan: string, seq: number) => PlanEntry | undefined,
  ): ReadonlyMap<string, PlanEntry> {
    const entries = new Map<string, PlanEntry>()
    for (const { plan, ...record } of this.#naming.iterate(after, upTo)) {
      const before = entries.get(plan) ?? known(plan, record.seq)
      entries.set(plan, { plan, ...countedAfter(before, record) })
    }
    return entries
  }

  /** Keeps what was counted, up to a record. */
  keep(entries: Iterable<PlanEntry>, upTo: number): void {
    const before = this.#marks.find('plan-entries')
    if (before === undefined) this.#clear.run()
    const sums = this.#sums()
    for (const entry of entries) {
      const { plan, first, last, records, digest } = entry
      const place = PlanSums.placeOf(plan)
      const old = this.#select.get(place, plan)
      const seal = this.#sealOf(entry)
      if (old !== undefined) sums.add(place, old.seal)
      sums.add(place, seal)
      this.#upsert.run(place, plan, first, last, records, digest, seal)
    }
    this.#marks.set('plan-entries', { seq: upTo, hash: sums.bytes, latest: undefined })
  }

  /** Has all entries sealed by the keys of another table over the same rows. Inside a transaction. Throws BrokenChainError. */
  sealAnew(other: PlanTable): void {
    const upTo = this.upTo()
    const entries = PlanSums.places.flatMap((place) =>
      this.#at.all(place).flatMap(({ plan }) => this.entry(plan) ?? []),
    )
    this.#marks.forget('plan-entries')
    other.keep(entries, upTo)
  }

  /** Keeps what the records behind those looked at so far say. Throws BrokenChainError where earlier ones were not kept. */
  advance(upTo: number): void {
    this.keep(this.count(this.upTo(), upTo).values(), upTo)
  }

  /** What differs between the entries and the journal behind the sealed records, all of which is verified. Throws BrokenChainError. */
  requireAll(base = 0): void {
    const [upTo, sums] = [this.upTo(), this.#sums()]
    const expected = this.#counted(base, upTo, () => undefined)
    for (const place of PlanSums.places) {
      const rows = this.#at.all(place)
      if (!sameBytes(sumOf(rows), sums.at(place))) throw wrongPlan(upTo)
      const extra = rows.find(({ plan, first }) => first > base && !expected.has(plan))
      if (extra !== undefined) throw wrongPlan(extra.first)
    }
    for (const entry of expected.values()) {
      const kept = this.#kept(entry.plan)
      const isWhole = kept !== undefined && kept.first <= base
      if (kept?.last !== entry.last || !(isWhole || this.#textOf(kept) === this.#textOf(entry)))
        throw wrongPlan(entry.first)
    }
  }

  /** The entry of a plan, which must have counted all of its records before a position. */
  #newest(plan: string, seq: number): PlanEntry | undefined {
    const entry = this.entry(plan)
    const last = this.#lastBefore.get(plan, seq) ?? undefined
    if (entry?.last !== last) throw wrongPlan(entry?.first ?? last ?? seq)
    return entry
  }

  #kept(plan: string): PlanEntry | undefined {
    const row = this.#select.get(PlanSums.placeOf(plan), plan)
    if (row === undefined || sameBytes(row.seal, this.#sealOf(row))) return row
    throw wrongPlan(row.first)
  }

  #sums(): PlanSums {
    return new PlanSums(this.#marks.find('plan-entries')?.hash)
  }

  #sealOf(entry: PlanEntry): Uint8Array {
    return Buffer.from(this.#keys.seal(this.#textOf(entry)), 'hex')
  }

  /** What is sealed is canonical JSON, the members in the order of their names. */
  #textOf({ plan, first, last, records, digest }: PlanEntry): string {
    return JSON.stringify({
      digest: Buffer.from(digest).toString('hex'),
      first,
      last,
      origin: this.#origin,
      plan,
      records,
    })
  }
}

/** What is kept of a plan that says something else than was sealed, or than its records do. */
export function wrongPlan(seq: number): BrokenChainError {
  return new BrokenChainError({ seq, reason: 'what is kept of the records that name a plan is not what they say' })
}

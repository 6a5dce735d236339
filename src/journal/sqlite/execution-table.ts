import type { Database, Statement } from 'better-sqlite3'
import { BrokenChainError, type ChainPoint } from '../chain.ts'
import { leasedAct } from '../lease.ts'
import { parseEvent } from '../parse-event.ts'
import type { ExecutionPage, ResolvedExecution } from '../store.ts'
import type { StoreKeys } from '../store-keys.ts'
import { type CountedRecord, type ExecutionEntry, entryAfter, entryText } from './execution-entry.ts'
import type { MarkTable } from './mark-table.ts'
import { type PlanEntry, PlanTable } from './plan-table.ts'
import { NOTHING_SEALED, summed, sumOf } from './seal-sum.ts'

interface EntryRow {
  readonly id: string
  readonly first: number
  readonly last: number
  readonly records: number
  readonly digest: Uint8Array
  readonly open: number
  readonly acted: number
  readonly seal: Uint8Array
}

/** What is counted of a record. */
interface JournalRow {
  readonly seq: number
  readonly execution: string
  readonly hash: Uint8Array
  readonly type: string
  /** Its body where it announces an act. */
  readonly act: string | null
}

/** Up to which records entries are kept: of executions, and of plans. */
interface Kept {
  readonly executions: number
  readonly plans: number
}

/** Entries that were counted in memory: behind which records, and up to which one. */
export interface CountedEntries {
  readonly after: Kept
  readonly upTo: number
  readonly executions: ReadonlyMap<string, ExecutionEntry>
  readonly plans: ReadonlyMap<string, PlanEntry>
}

const ENTRY = 'SELECT id, first, last, records, digest, open, acted, seal FROM execution'

/**
 * The executions of a store, kept by whoever writes the journal and in the same transaction, so that neither the open ones nor the
 * records of one have to be looked for in all of it. Each entry is sealed, and so is the sum of the seals of the open ones: nobody
 * without the key can alter an entry or take an open one away. Where records were written by somebody who keeps no entries (an earlier
 * version), they are counted from the journal ([ADR 46](../../../docs/adr/0046-records-by-index.md)).
 */
export class ExecutionTable {
  /** The records that name each plan: counted with those of executions, in the same transactions. */
  readonly plans: PlanTable
  readonly #origin: string
  readonly #keys: StoreKeys
  readonly #marks: MarkTable
  readonly #select: Statement<[id: string], EntryRow>
  readonly #open: Statement<[], EntryRow>
  readonly #upsert: Statement<[string, number, number, number, Uint8Array, number, number, Uint8Array]>
  readonly #clear: Statement<[]>
  readonly #ids: Statement<[], string>
  readonly #page: Statement<[before: number, limit: number], EntryRow>
  readonly #like: Statement<[from: string, to: string], string>
  readonly #latest: Statement<[], string>
  readonly #lastBefore: Statement<[execution: string, seq: number], number | null>
  readonly #records: Statement<[after: number], JournalRow>
  readonly #otherEnds: Statement<[base: number, base: number, base: number], { id: string; first: number }>
  /** The entries of the transaction under way. */
  #pending = new Map<string, ExecutionEntry>()

  constructor(database: Database, origin: string, keys: StoreKeys, marks: MarkTable) {
    this.#origin = origin
    this.#keys = keys
    this.#marks = marks
    this.plans = new PlanTable(database, origin, keys, marks)
    this.#select = database.prepare(`${ENTRY} WHERE id = ?`)
    this.#open = database.prepare(`${ENTRY} WHERE open = 1 ORDER BY first DESC`)
    this.#upsert = database.prepare(`INSERT INTO execution(id, first, last, records, digest, open, acted, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET last = excluded.last, records = excluded.records,
      digest = excluded.digest, open = excluded.open, acted = excluded.acted, seal = excluded.seal`)
    this.#clear = database.prepare('DELETE FROM execution')
    this.#ids = database.prepare<[], string>('SELECT id FROM execution ORDER BY first DESC').pluck()
    this.#page = database.prepare(`${ENTRY} WHERE first < ? ORDER BY first DESC LIMIT ?`)
    this.#like = database
      .prepare<[string, string], string>('SELECT id FROM execution WHERE id >= ? AND id < ? ORDER BY first DESC')
      .pluck()
    this.#latest = database.prepare<[], string>('SELECT id FROM execution ORDER BY first DESC LIMIT 1').pluck()
    this.#lastBefore = database
      .prepare<[string, number], number | null>('SELECT max(seq) FROM journal WHERE execution = ? AND seq < ?')
      .pluck()
    this.#otherEnds = database.prepare(`SELECT id, first FROM execution AS entry WHERE first <= ?
        AND (first IS NOT (SELECT min(seq) FROM journal WHERE execution = entry.id)
          OR last IS NOT (SELECT max(seq) FROM journal WHERE execution = entry.id))
      UNION ALL SELECT * FROM (SELECT execution, min(seq) AS first FROM journal WHERE seq <= ? AND +execution IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM execution WHERE id = journal.execution AND first <= ?) GROUP BY execution)
      ORDER BY first LIMIT 1`)
    // What has no entry of its own is left where it is: rows are read in the order of the table.
    this.#records = database.prepare(`SELECT seq, execution, hash, body ->> '$.type' AS type,
      CASE WHEN body ->> '$.type' = 'ActIntended' THEN body END AS act FROM journal WHERE seq > ? AND +execution IS NOT NULL ORDER BY seq`)
  }

  /** Up to which record all entries are kept. Throws BrokenChainError when the seal on that does not fit. */
  upTo(): number {
    const { executions, plans } = this.#kept()
    return Math.min(executions, plans)
  }

  #kept(): Kept {
    return { executions: this.#marks.find('executions')?.seq ?? 0, plans: this.plans.upTo() }
  }

  /** The entry of an execution. Throws BrokenChainError when its seal does not fit. */
  entry(id: string): ExecutionEntry | undefined {
    const row = this.#select.get(id)
    return row === undefined ? undefined : this.#judged(row)
  }

  /** The executions that have not ended, newest first. Throws BrokenChainError when they are not the ones that were sealed. */
  open(): readonly ExecutionEntry[] {
    const rows = this.#open.all()
    const entries = rows.map((row) => this.#judged(row))
    const sealed = this.#marks.find('executions')
    if (Buffer.compare(sumOf(rows), sealed?.hash ?? NOTHING_SEALED) === 0) return entries
    throw new BrokenChainError({
      seq: sealed?.seq ?? 0,
      reason: 'the open executions are not the ones that were sealed',
    })
  }

  /** Executions newest first. Throws BrokenChainError as {@link open} does where only the open ones are meant. */
  page({ limit, before, open = false }: ExecutionPage): readonly ExecutionEntry[] {
    const end = before === undefined ? Number.MAX_SAFE_INTEGER : (this.entry(before)?.first ?? 0)
    if (!open) return this.#page.all(end, limit ?? -1).map((row) => this.#judged(row))
    return this.open()
      .filter(({ first }) => first < end)
      .slice(0, limit)
  }

  /** The ids of all executions, newest first. */
  ids(): readonly string[] {
    return this.#ids.all()
  }

  /** Finds an execution by its id, by a prefix that only it has, or by `@latest`. */
  resolve(word: string): ResolvedExecution {
    const ids = word === '@latest' ? this.#latest.all() : this.#matching(word)
    const [id, ...others] = ids
    if (id === undefined) return { found: 'none' }
    return others.length === 0 ? { found: 'one', id } : { found: 'several', ids }
  }

  #matching(word: string): readonly string[] {
    // Behind every text that begins with the word comes the word and the last character that there is.
    const ids = this.#like.all(word, `${word}\u{10ffff}`)
    return ids.includes(word) ? [word] : ids
  }

  /** A transaction of the journal begins at its head: what was written without entries is counted. `verify` walks the chain behind a record. */
  begin(head: ChainPoint, verify: (after: number) => unknown): void {
    this.#pending = new Map()
    if (this.upTo() !== head.seq) this.keep(this.count(head, verify))
  }

  /** A record was inserted in the transaction under way. */
  heed(execution: string, record: CountedRecord): void {
    const before = this.#pending.get(execution) ?? this.#newest(execution, record.seq)
    this.#pending.set(execution, entryAfter(before, execution, record))
  }

  /** The entry of an execution, which must have counted all of its records before a position: an older one that was put back has not. */
  #newest(execution: string, seq: number): ExecutionEntry | undefined {
    const entry = this.entry(execution)
    const last = this.#lastBefore.get(execution, seq) ?? undefined
    if (entry?.last !== last) throw wrongEntry({ id: execution, first: entry?.first ?? last ?? seq })
    return entry
  }

  /** Keeps what was heeded, up to the head that the transaction seals. */
  commit(head: number): void {
    this.#write(head, this.#pending)
    this.plans.advance(head)
    this.#pending = new Map()
  }

  /** Counts the records behind those of which entries are kept, up to the head. Writes nothing. Throws BrokenChainError as `verify` does. */
  count(head: ChainPoint, verify: (after: number) => unknown): CountedEntries {
    const after = this.#kept()
    if (Math.min(after.executions, after.plans) < (this.#marks.find('base')?.seq ?? 0)) throw uncounted()
    verify(Math.min(after.executions, after.plans))
    const executions = new Map<string, ExecutionEntry>()
    for (const row of this.#records.iterate(after.executions)) {
      const { execution } = row
      const before = executions.get(execution) ?? (after.executions === 0 ? undefined : this.entry(execution))
      executions.set(execution, entryAfter(before, execution, counted(row)))
    }
    return { after, upTo: head.seq, executions, plans: this.plans.count(after.plans, head.seq) }
  }

  /** Keeps what was counted, unless somebody else has kept entries meanwhile. Inside a transaction. */
  keep({ after, upTo, executions, plans }: CountedEntries): void {
    const now = this.#kept()
    if (now.executions !== after.executions || now.plans !== after.plans) return
    if (after.executions === 0) this.#clear.run()
    this.#write(upTo, executions)
    this.plans.keep(plans.values(), upTo)
  }

  /**
   * What differs between the entries and the journal, all of which is verified. Costs a look at every record behind the sealed ones; of
   * those up to `base` the first and the last of each execution are left, and each entry must have them.
   */
  fault(base = 0): BrokenChainError | undefined {
    const expected = new Map<string, ExecutionEntry>()
    const { executions: upTo } = this.#kept()
    for (const row of this.#records.iterate(base)) {
      if (row.seq > upTo) break
      const { execution } = row
      expected.set(execution, entryAfter(expected.get(execution), execution, counted(row)))
    }
    try {
      this.plans.requireAll(base)
      this.open()
      const [other] = this.#otherEnds.all(base, base, base)
      if (other !== undefined) throw wrongEntry(other)
      for (const entry of expected.values()) {
        const kept = this.entry(entry.id)
        const isWhole = kept !== undefined && kept.first <= base
        if (kept?.last !== entry.last || !(isWhole || entryText('', kept) === entryText('', entry)))
          throw wrongEntry(entry)
      }
      const extra = this.page({}).find(({ id, first }) => first > base && !expected.has(id))?.id
      return extra === undefined
        ? undefined
        : new BrokenChainError({ seq: upTo, reason: `there is no execution ${extra}` })
    } catch (thrown) {
      if (thrown instanceof BrokenChainError) return thrown
      throw thrown
    }
  }

  /** Has all entries, of plans too, sealed by the keys of another table over the same rows. Inside a transaction. Throws BrokenChainError. */
  sealAnew(other: ExecutionTable): void {
    const { executions: upTo } = this.#kept()
    this.open()
    const entries = new Map(this.page({}).map((entry) => [entry.id, entry]))
    this.plans.sealAnew(other.plans)
    this.#clear.run()
    this.#marks.forget('executions')
    other.#write(upTo, entries)
  }

  #write(upTo: number, entries: ReadonlyMap<string, ExecutionEntry>): void {
    let sum = this.#marks.find('executions')?.hash ?? NOTHING_SEALED
    for (const entry of entries.values()) {
      const before = this.#select.get(entry.id)
      if (before?.open === 1) sum = summed(sum, before.seal)
      const { id, first, last, records, digest, isOpen, hasActed } = entry
      const seal = this.#sealOf(entry)
      this.#upsert.run(id, first, last, records, digest, isOpen ? 1 : 0, hasActed ? 1 : 0, seal)
      if (isOpen) sum = summed(sum, seal)
    }
    this.#marks.set('executions', { seq: upTo, hash: sum, latest: undefined })
  }

  #judged(row: EntryRow): ExecutionEntry {
    const { id, first, last, records, digest } = row
    const entry = { id, first, last, records, digest, isOpen: row.open === 1, hasActed: row.acted === 1 }
    if (Buffer.compare(row.seal, this.#sealOf(entry)) === 0) return entry
    throw wrongEntry(entry)
  }

  #sealOf(entry: ExecutionEntry): Uint8Array {
    return Buffer.from(this.#keys.seal(entryText(this.#origin, entry)), 'hex')
  }
}

function counted({ seq, hash, type, act }: JournalRow): CountedRecord {
  const isLeased = act !== null && leasedAct(parseEvent(act)) !== undefined
  return { seq, hash, type: type as CountedRecord['type'], isLeased }
}

/** What is sealed cannot be counted anew from the store. */
function uncounted(): BrokenChainError {
  return new BrokenChainError({ seq: 0, reason: 'what was counted of the sealed records is gone' })
}

/** An entry of an execution that says something else than was sealed, or than its records do. */
export function wrongEntry({ id, first }: Pick<ExecutionEntry, 'id' | 'first'>): BrokenChainError {
  return new BrokenChainError({ seq: first, reason: `the entry of execution ${id}, which begins there, was altered` })
}

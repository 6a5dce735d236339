import type { Database } from 'better-sqlite3'
import { BrokenChainError, type ChainPoint, type ChainRow, sameBytes, walkChain } from '../chain.ts'
import type { JournalEvent } from '../event.ts'
import type { StoreHead } from '../store.ts'
import { BlockWalk } from './block-walk.ts'
import { requireCarried } from './carried-records.ts'
import { requireRecordsOf } from './execution-records.ts'
import { type ExecutionTable, wrongEntry } from './execution-table.ts'
import { requireUnaltered } from './head-walk.ts'
import type { MarkTable } from './mark-table.ts'
import { wrongPlan } from './plan-table.ts'
import { parseRow } from './read-row.ts'
import type { RecordCount } from './record-count.ts'
import type { Segments } from './segments.ts'
import type { Statements } from './statements.ts'

/** What is verified, and against what. */
export interface VerifiedChainParts {
  readonly database: Database
  readonly statements: Statements
  readonly marks: MarkTable
  readonly executions: ExecutionTable
  readonly segments: Segments
}

/** The records of a store, verified as they are read. Every question is asked inside a transaction; what does not verify throws BrokenChainError. */
export class VerifiedChain {
  readonly #parts: VerifiedChainParts
  readonly #blocks: BlockWalk

  constructor(parts: VerifiedChainParts) {
    this.#parts = parts
    this.#blocks = new BlockWalk(parts.database)
  }

  /** The sealed head, which must be the last row. */
  head(): StoreHead {
    const sealed = this.#parts.marks.get('head')
    const last = this.#parts.statements.last.get() ?? this.#base
    if (last.seq < sealed.seq) throw missing(last.seq + 1)
    if (last.seq > sealed.seq)
      throw new BrokenChainError({ seq: sealed.seq + 1, reason: 'the record was not written by eosflow' })
    if (!sameBytes(last.hash, sealed.hash))
      throw new BrokenChainError({ seq: last.seq, reason: 'its content was altered' })
    return sealed
  }

  get #base(): ChainPoint {
    return this.#parts.segments.base
  }

  /** Verifies every row from `from` to the head, and that it follows the one before; of sealed records all that are left in the store. */
  walk(from: number, before?: ChainPoint): StoreHead {
    const isSealed = from <= this.#base.seq
    if (isSealed) this.#requireCarried()
    const walked = this.#blocks.walk(isSealed ? this.#base : (before ?? this.pointBefore(from)))
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    return this.head()
  }

  /** Rows from `from` on, verified as far as they go. */
  rows(from: number, limit: number): readonly ChainRow[] {
    if (from <= this.#base.seq) return this.#sealedRows(from, limit)
    const rows = this.#parts.statements.some.all(from, limit)
    const walked = walkChain(this.pointBefore(from), rows)
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    if (rows.length < limit && walked.end.seq !== this.head().seq) throw missing(walked.end.seq + 1)
    return rows
  }

  /** Sealed records, as a segment has them, verified against each other and the one before them. There may be more behind them. */
  #sealedRows(from: number, limit: number): readonly ChainRow[] {
    const { segments } = this.#parts
    const rows = segments.rows(from, limit)
    if (rows[0]?.seq !== from) throw missing(from)
    const before = segments.pointBefore(from)
    if (before === undefined) throw missing(from - 1)
    const walked = walkChain(before, rows)
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    return rows
  }

  /** Requires that the sealed records which are left in the store are the ones that were left in it. Throws BrokenChainError. */
  #requireCarried(): void {
    const { database, marks, segments } = this.#parts
    requireCarried(database, segments.base.seq, marks.get('carried'))
  }

  /** The events of rows in the order of the chain, which is verified from the first of them to the head. */
  eventsOf(rows: readonly ChainRow[]): readonly JournalEvent[] {
    const [first] = rows
    if (first === undefined) this.head()
    else this.walk(first.seq)
    return rows.map(parseRow)
  }

  /**
   * The events of rows, each verified against the one before it: without a look at the records between them. Of sealed records all that are
   * left in the store.
   */
  eachOf(rows: readonly ChainRow[]): readonly JournalEvent[] {
    this.head()
    if ((rows[0]?.seq ?? Number.POSITIVE_INFINITY) <= this.#base.seq) this.#requireCarried()
    return rows.map(({ seq }) => this.event(seq))
  }

  /** The event at a position. */
  event(seq: number): JournalEvent {
    if (seq <= this.#base.seq) return this.#sealedEvent(seq)
    const before = this.pointBefore(seq)
    const row = this.#parts.statements.bySeq.get(seq)
    const walked = walkChain(before, row === undefined ? [] : [row])
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    if (row === undefined) throw missing(seq)
    return parseRow(row)
  }

  #sealedEvent(seq: number): JournalEvent {
    const row = this.#parts.statements.bySeq.get(seq) ?? this.#parts.segments.row(seq)
    if (row === undefined) throw missing(seq)
    requireUnaltered(row)
    return parseRow(row)
  }

  /**
   * The records of an execution, in order, read by their index: verified against each other and against what is sealed of the execution,
   * without a look at the records of others. Where they do not hold, the first one to the head that does not is named.
   */
  recordsOf(execution: string): readonly JournalEvent[] {
    const { statements, executions, segments } = this.#parts
    const here = statements.ofExecution.all(execution)
    const [first] = here
    try {
      this.head()
      const entry = executions.entry(execution)
      const rows = this.#whole(here, entry, (span) => segments.ofExecution(execution, span))
      const wrong = (): BrokenChainError => wrongEntry({ id: execution, first: entry?.first ?? first?.seq ?? 0 })
      requireRecordsOf(entry, rows, { pointBefore: (row) => this.#before(row), wrong })
      return rows.map(parseRow)
    } catch (thrown) {
      if (thrown instanceof BrokenChainError && first !== undefined) this.walk(first.seq)
      throw thrown
    }
  }

  /** The record that an execution began with, verified with all of it; where it is sealed, the rest may be elsewhere: with all that was left here. */
  begunBy(row: ChainRow): readonly JournalEvent[] {
    if (row.seq <= this.#base.seq) {
      this.#requireCarried()
      return [parseRow(row)]
    }
    const { execution } = parseRow(row)
    return execution === undefined ? [] : this.recordsOf(execution).filter(({ seq }) => seq === row.seq)
  }

  /** Records that belong together: those in the store, and where it has fewer than were counted, those in segments too. */
  #whole(
    here: readonly ChainRow[],
    counted: RecordCount | undefined,
    sealed: (span: RecordCount) => readonly ChainRow[],
  ): readonly ChainRow[] {
    const { seq: base } = this.#base
    if (counted === undefined || counted.first > base || here.length >= counted.records) return here
    return [...sealed(counted), ...here.filter(({ seq }) => seq > base)]
  }

  /** The point before a record. Of a sealed one its own word for it: the digest over its execution or its plan vouches for that. */
  #before({ seq, prev }: ChainRow): ChainPoint {
    return seq <= this.#base.seq ? { seq: seq - 1, hash: prev } : this.pointBefore(seq)
  }

  /** The point before a position that is not sealed. */
  pointBefore(seq: number): ChainPoint {
    if (seq <= this.#base.seq + 1) return this.#base
    const row = this.#parts.statements.bySeq.get(seq - 1)
    if (row === undefined) throw missing(seq - 1)
    return row
  }

  /**
   * Verifies the records that name a plan against what is sealed of it. Gives the point from which the chain is to be walked to judge
   * them: the one before the first of them; where it was verified beyond that already, or no record names the plan, that point. Where
   * somebody wrote who counts no such records, from the first of them on.
   */
  beforeNaming(plan: string): ChainPoint | BrokenChainError {
    try {
      const { executions, marks, statements } = this.#parts
      const head = this.head().seq
      const first = statements.firstNaming.get(plan) ?? head
      if (executions.plans.upTo() !== head) return this.pointBefore(first)
      this.#requirePlan(plan)
      const verified = marks.get('verified')
      return verified.seq < first ? this.pointBefore(first) : verified
    } catch (thrown) {
      if (thrown instanceof BrokenChainError) return thrown
      throw thrown
    }
  }

  #requirePlan(plan: string): void {
    const here = this.#parts.statements.naming.all(plan)
    let first = here[0]?.seq
    try {
      const entry = this.#parts.executions.plans.entry(plan)
      first = entry?.first ?? first
      const wrong = (): BrokenChainError => wrongPlan(first ?? 0)
      const rows = this.#whole(here, entry, (span) => this.#parts.segments.naming(plan, span))
      requireRecordsOf(entry, rows, { pointBefore: (row) => this.#before(row), wrong })
    } catch (thrown) {
      // The walk names the first record that does not hold.
      if (thrown instanceof BrokenChainError && first !== undefined) this.walk(first)
      throw thrown
    }
  }

  /** The records of one type that name a plan. Without a look at what is sealed of the plan. */
  ofPlan(plan: string, type: string): readonly ChainRow[] {
    const { statements, segments, executions } = this.#parts
    const here = statements.ofPlan.all(plan, type)
    if (segments.base.seq === 0) return here
    const entry = executions.plans.entry(plan)
    const named = this.#whole(statements.naming.all(plan), entry, (span) => segments.naming(plan, span))
    return named.filter((row) => parseRow(row).type === type)
  }

  /** Requires that no record is missing anywhere, not only behind a point, where the records that name each plan are not counted. */
  requireAll({ seq }: StoreHead): void {
    const { executions, statements } = this.#parts
    const { seq: base } = this.#base
    if (executions.plans.upTo() !== seq && statements.count.get(base) !== seq - base)
      throw missing(statements.gap.get(base, base) ?? seq)
  }
}

const missing = (seq: number): BrokenChainError => new BrokenChainError({ seq, reason: 'the record is missing' })

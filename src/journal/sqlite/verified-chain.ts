import type { Database } from 'better-sqlite3'
import { BrokenChainError, type ChainPoint, type ChainRow, genesis, sameBytes, walkChain } from '../chain.ts'
import type { JournalEvent } from '../event.ts'
import type { StoreHead } from '../store.ts'
import { BlockWalk } from './block-walk.ts'
import { requireRecordsOf } from './execution-records.ts'
import { type ExecutionTable, wrongEntry } from './execution-table.ts'
import type { MarkTable } from './mark-table.ts'
import { wrongPlan } from './plan-table.ts'
import { parseRow } from './read-row.ts'
import type { Statements } from './statements.ts'

/** What is verified, and against what. */
export interface VerifiedChainParts {
  readonly database: Database
  readonly statements: Statements
  readonly marks: MarkTable
  readonly executions: ExecutionTable
  readonly origin: string
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
    const last = this.#parts.statements.last.get() ?? this.#genesis()
    if (last.seq < sealed.seq) throw missing(last.seq + 1)
    if (last.seq > sealed.seq)
      throw new BrokenChainError({ seq: sealed.seq + 1, reason: 'the record was not written by eosflow' })
    if (!sameBytes(last.hash, sealed.hash))
      throw new BrokenChainError({ seq: last.seq, reason: 'its content was altered' })
    return sealed
  }

  /** Verifies every row from `from` to the head, and that it follows the one before. */
  walk(from: number, before: ChainPoint = this.pointBefore(from)): StoreHead {
    const walked = this.#blocks.walk(before)
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    return this.head()
  }

  /** Rows from `from` on, verified as far as they go. */
  rows(from: number, limit: number): readonly ChainRow[] {
    const rows = this.#parts.statements.some.all(from, limit)
    const walked = walkChain(this.pointBefore(from), rows)
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    if (rows.length < limit && walked.end.seq !== this.head().seq) throw missing(walked.end.seq + 1)
    return rows
  }

  /** The events of rows in the order of the chain, which is verified from the first of them to the head. */
  eventsOf(rows: readonly ChainRow[]): readonly JournalEvent[] {
    const [first] = rows
    if (first === undefined) this.head()
    else this.walk(first.seq)
    return rows.map(parseRow)
  }

  /** The event at a position. */
  event(seq: number): JournalEvent {
    const before = this.pointBefore(seq)
    const row = this.#parts.statements.bySeq.get(seq)
    const walked = walkChain(before, row === undefined ? [] : [row])
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    if (row === undefined) throw missing(seq)
    return parseRow(row)
  }

  /**
   * The records of an execution, in order, read by their index: verified against each other and against what is sealed of the execution,
   * without a look at the records of others. Where they do not hold, the first one to the head that does not is named.
   */
  recordsOf(execution: string): readonly JournalEvent[] {
    const rows = this.#parts.statements.ofExecution.all(execution)
    const [first] = rows
    try {
      this.head()
      const entry = this.#parts.executions.entry(execution)
      const wrong = (): BrokenChainError => wrongEntry({ id: execution, first: entry?.first ?? first?.seq ?? 0 })
      requireRecordsOf(entry, rows, { pointBefore: (seq) => this.pointBefore(seq), wrong })
      return rows.map(parseRow)
    } catch (thrown) {
      if (thrown instanceof BrokenChainError && first !== undefined) this.walk(first.seq)
      throw thrown
    }
  }

  /** The point before a position. */
  pointBefore(seq: number): ChainPoint {
    if (seq <= 1) return this.#genesis()
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
    const rows = this.#parts.statements.naming.all(plan)
    let first = rows[0]?.seq
    try {
      const entry = this.#parts.executions.plans.entry(plan)
      first = entry?.first ?? first
      const wrong = (): BrokenChainError => wrongPlan(first ?? 0)
      requireRecordsOf(entry, rows, { pointBefore: (seq) => this.pointBefore(seq), wrong })
    } catch (thrown) {
      // The walk names the first record that does not hold.
      if (thrown instanceof BrokenChainError && first !== undefined) this.walk(first)
      throw thrown
    }
  }

  /** Requires that no record is missing anywhere, not only behind a point, where the records that name each plan are not counted. */
  requireAll({ seq }: StoreHead): void {
    const { executions, statements } = this.#parts
    if (executions.plans.upTo() !== seq && statements.count.get() !== seq) throw missing(statements.gap.get() ?? seq)
  }

  #genesis(): ChainPoint {
    return genesis(this.#parts.origin)
  }
}

const missing = (seq: number): BrokenChainError => new BrokenChainError({ seq, reason: 'the record is missing' })

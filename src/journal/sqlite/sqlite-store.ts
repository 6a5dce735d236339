import { type Fence, fenceOf } from '../../model/fence.ts'
import { BrokenChainError, type ChainPoint, type ChainRow, genesis, sameBytes, walkChain } from '../chain.ts'
import type { ArtefactRef, EventBody, JournalEvent } from '../event.ts'
import type { Lease, Leases } from '../lease.ts'
import { ofType } from '../of-type.ts'
import { draftOf } from '../record-text.ts'
import { resolveAmong } from '../resolve-execution.ts'
import type {
  ExecutionSummary,
  PolicyRecord,
  RecordedDecision,
  RecordedUse,
  ResolvedExecution,
  Signal,
  StopRequest,
  Store,
  StoreHead,
  SuspendRequest,
} from '../store.ts'
import { withoutSecrets } from '../without-secrets.ts'
import { BlockWalk } from './block-walk.ts'
import { decisionsIn, usesIn } from './decision-row.ts'
import { ForeignWrites } from './foreign-writes.ts'
import { GroupCommit } from './group-commit.ts'
import { type AppendRequest, JournalWriter } from './journal-writer.ts'
import { LeaseTable } from './lease-table.ts'
import { policyIn } from './policy-row.ts'
import { parseRow } from './read-row.ts'
import { SqliteAuditTrail } from './sqlite-audit-trail.ts'
import { guarded, unlessHindered } from './sqlite-error.ts'
import { requireUnaltered, StandingWalk } from './standing-walk.ts'
import { prepareStatements, type Statements } from './statements.ts'
import { StoreFile } from './store-file.ts'
import type { SqliteStoreParts } from './store-parts.ts'

/** A tail longer than this is not walked again at the next opening. */
const TAIL = 1_000

/** The store over one SQLite file. Made by `openStore`. */
export class SqliteStore implements Store, Leases {
  readonly audit: SqliteAuditTrail
  readonly file: StoreFile
  readonly #parts: SqliteStoreParts
  readonly #statements: Statements
  readonly #leases: LeaseTable
  readonly #blocks: BlockWalk
  readonly #foreign: ForeignWrites
  readonly #standing: StandingWalk
  readonly #appends: GroupCommit<AppendRequest, readonly JournalEvent[]>

  constructor(parts: SqliteStoreParts) {
    this.#parts = parts
    this.#statements = prepareStatements(parts.database)
    this.#blocks = new BlockWalk(parts.database)
    const { database, marks, path, moment, checkpoints } = parts
    const leases = new LeaseTable(database)
    this.#leases = leases
    this.#foreign = new ForeignWrites(database, path)
    this.#standing = new StandingWalk({
      clock: parts.clock,
      foreign: this.#foreign,
      walk: (before) => this.#walk(before.seq + 1, before),
      readAnew: () => this.#readAnew(),
      requireAll: (head) => this.#requireAll(head),
    })
    const statements = this.#statements
    const head = (): StoreHead => this.#head()
    this.file = new StoreFile(path, () => this.#reading(() => statements.count.get() ?? 0))
    const writer = new JournalWriter({ database, marks, leases, checkpoints, statements, head, file: this.file })
    const rows = (from: number, limit: number): readonly ChainRow[] => this.#rows(from, limit)
    this.audit = new SqliteAuditTrail({ ...parts, head, rows })
    this.#appends = new GroupCommit((group) => guarded(path, () => writer.write(group)), moment)
  }

  get id(): string {
    return this.#parts.origin
  }

  async knowsPlan(digest: string): Promise<boolean> {
    return this.#reading(() => typeof this.#statements.firstNaming.get(digest) === 'number')
  }

  async append(
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number,
  ): Promise<readonly JournalEvent[]> {
    const { actor, clock, scrub, admit } = this.#parts
    admit(() => this.#reading(() => this.#head()).latest)
    const at = new Date(clock.now()).toISOString()
    const envelope = { v: 1, at, actor, ...(execution === undefined ? {} : { execution }) } as const
    const drafts = events.map((event) => draftOf(envelope, withoutSecrets(event, scrub)))
    return this.#appends.add({ execution, at, after, drafts })
  }

  async read(execution: string): Promise<readonly JournalEvent[]> {
    return this.#reading(() => {
      const first = this.#statements.firstOf.get(execution)
      if (typeof first !== 'number') return []
      this.#standing.verify(this.#pointBefore(first))
      const events = this.#statements.ofExecution.all(execution).map((row) => {
        requireUnaltered(row)
        return parseRow(row)
      })
      return [...events, ...this.file.lostRecords(execution)]
    })
  }

  async put(text: string): Promise<ArtefactRef> {
    this.file.requireThere()
    return guarded(this.#parts.path, () => this.#parts.blobs.put(text))
  }

  async get(ref: ArtefactRef): Promise<string> {
    return guarded(this.#parts.path, () => this.#parts.blobs.get(ref))
  }

  foreignWrites(): string {
    return guarded(this.#parts.path, () => this.#foreign.mark)
  }

  async executions(): Promise<readonly ExecutionSummary[]> {
    return this.#reading(() => {
      this.#head()
      return this.#statements.spans.all().map(({ id, first, last }) => ({
        id,
        first: this.#event(first),
        last: this.#event(last),
      }))
    })
  }

  async executionIds(): Promise<readonly string[]> {
    return this.#reading(() => this.#statements.ids.all())
  }

  async resolveExecution(word: string): Promise<ResolvedExecution> {
    return resolveAmong(await this.executionIds(), word)
  }

  async requested(key: string): Promise<(JournalEvent & { readonly type: 'ExecutionStarted' }) | undefined> {
    return this.#reading(() => ofType('ExecutionStarted', this.#verified(this.#statements.withKey.all(key)))[0])
  }

  async approvals(plan: string): Promise<readonly RecordedDecision[]> {
    this.#readAnew()
    return this.#reading(() => {
      const rows = this.#statements.ofPlan.all(plan, 'ApprovalDecided')
      const before = this.#beforeNaming(plan)
      const fault = before instanceof BrokenChainError ? before : this.#standing.faultSince(plan, before, rows)
      if (fault !== undefined && rows.length === 0) throw fault
      return decisionsIn(rows, fault)
    })
  }

  async approvalUses(plan: string): Promise<readonly RecordedUse[]> {
    return this.#reading(() => usesIn(this.#statements.ofPlan.all(plan, 'ApprovalUsed')))
  }

  async snapshots(): Promise<readonly (JournalEvent & { readonly type: 'SnapshotTaken' })[]> {
    return this.#reading(() => ofType('SnapshotTaken', this.#verified(this.#statements.snapshots.all())).toReversed())
  }

  async policySeen(): Promise<PolicyRecord | undefined> {
    return this.#reading(() => policyIn(this.#statements.lastPolicy.get()))
  }

  async signals(tokens: readonly string[], after: number): Promise<readonly Signal[]> {
    const rows = (): readonly ChainRow[] => this.#statements.signals.all(JSON.stringify(tokens), after)
    return this.#reading(() => ofType('SignalSent', this.#verified(rows())))
  }

  async stopRequest(execution: string, after: number): Promise<StopRequest | undefined> {
    return this.#reading(
      () => ofType('StopRequested', this.#verified(this.#statements.lastStop.all(execution, after)))[0],
    )
  }

  async suspendRequest(execution: string, after: number): Promise<SuspendRequest | undefined> {
    const rows = (): readonly ChainRow[] => this.#statements.lastSuspend.all(execution, after)
    return this.#reading(() => ofType('SuspendRequested', this.#verified(rows()))[0])
  }

  async leaseOf(device: string): Promise<Lease | undefined> {
    return guarded(this.#parts.path, () => this.#leases.leaseOf(device))
  }

  async fence(execution: string, device: string): Promise<Fence> {
    const { clock, path } = this.#parts
    const asked = clock.monotonic()
    this.file.requireLeases(device)
    guarded(path, () => this.#leases.requireLease(execution, device))
    return fenceOf(device, asked, () => clock.monotonic())
  }

  async head(): Promise<StoreHead> {
    return this.#reading(() => this.#head())
  }

  async verifyChain(from = 1): Promise<StoreHead> {
    return this.#reading(() => this.#walk(from))
  }

  async close(): Promise<void> {
    this.#appends.flush()
    this.#parts.database.close()
  }

  /** Walks what was appended since the chain was last verified. Throws BrokenChainError. */
  verifyTail(): void {
    const verified = this.#reading(() => this.#parts.marks.get('verified'))
    const head = this.#reading(() => this.#walk(verified.seq + 1, verified))
    if (head.seq - verified.seq > TAIL) unlessHindered(() => this.#parts.marks.set('verified', head))
  }

  /** Drops the pages that SQLite has kept: it never looks again at one whose bytes were changed past it (sqlite.org/pragma.html#pragma_shrink_memory). */
  #readAnew(): void {
    guarded(this.#parts.path, () => this.#parts.database.pragma('shrink_memory'))
  }

  /** One consistent view, whatever other processes append meanwhile. */
  #reading<T>(work: () => T): T {
    return guarded(this.#parts.path, () => this.#parts.database.transaction(work).deferred())
  }

  /** The sealed head, which must be the last row. */
  #head(): StoreHead {
    const sealed = this.#parts.marks.get('head')
    const last = this.#statements.last.get() ?? this.#genesis()
    if (last.seq < sealed.seq) throw missing(last.seq + 1)
    if (last.seq > sealed.seq)
      throw new BrokenChainError({ seq: sealed.seq + 1, reason: 'the record was not written by eosflow' })
    if (!sameBytes(last.hash, sealed.hash))
      throw new BrokenChainError({ seq: last.seq, reason: 'its content was altered' })
    return sealed
  }

  /** Verifies every row from `from` to the head, and that it follows the one before. */
  #walk(from: number, before: ChainPoint = this.#pointBefore(from)): StoreHead {
    const walked = this.#blocks.walk(before)
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    return this.#head()
  }

  /** Rows from `from` on, verified as far as they go. */
  #rows(from: number, limit: number): readonly ChainRow[] {
    const rows = this.#statements.some.all(from, limit)
    const walked = walkChain(this.#pointBefore(from), rows)
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    if (rows.length < limit && walked.end.seq !== this.#head().seq) throw missing(walked.end.seq + 1)
    return rows
  }

  /** The events of rows in the order of the chain, which is verified from the first of them to the head. */
  #verified(rows: readonly ChainRow[]): readonly JournalEvent[] {
    const [first] = rows
    if (first === undefined) this.#head()
    else this.#walk(first.seq)
    return rows.map(parseRow)
  }

  #pointBefore(seq: number): ChainPoint {
    if (seq <= 1) return this.#genesis()
    const row = this.#statements.bySeq.get(seq - 1)
    if (row === undefined) throw missing(seq - 1)
    return row
  }

  /** The point before the first record that names a plan; the one before the head where none does. */
  #beforeNaming(plan: string): ChainPoint | BrokenChainError {
    try {
      return this.#pointBefore(this.#statements.firstNaming.get(plan) ?? this.#head().seq)
    } catch (thrown) {
      if (thrown instanceof BrokenChainError) return thrown
      throw thrown
    }
  }

  /** Requires that no record is missing anywhere: not only behind a point. */
  #requireAll({ seq }: StoreHead): void {
    if (this.#statements.count.get() !== seq) throw missing(this.#statements.gap.get() ?? seq)
  }

  #event(seq: number): JournalEvent {
    const before = this.#pointBefore(seq)
    const row = this.#statements.bySeq.get(seq)
    const walked = walkChain(before, row === undefined ? [] : [row])
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    if (row === undefined) throw missing(seq)
    return parseRow(row)
  }

  #genesis(): ChainPoint {
    return genesis(this.#parts.origin)
  }
}

const missing = (seq: number): BrokenChainError => new BrokenChainError({ seq, reason: 'the record is missing' })

import { type Fence, fenceOf } from '../../model/fence.ts'
import type { InstallKey } from '../../model/install-keys.ts'
import { BrokenChainError, type ChainRow } from '../chain.ts'
import { type Cursor, cursorBehind, positionIn } from '../cursor.ts'
import type { ArtefactRef, JournalEvent } from '../event.ts'
import type { FreezeRecord } from '../freeze.ts'
import type { Journal } from '../journal.ts'
import { type Lease, type Leases, QUARANTINE_ON_ONE_MACHINE } from '../lease.ts'
import { ofType } from '../of-type.ts'
import type { Actor, ExecutionPage, ExecutionSummary, Store, StoreHead } from '../store.ts'
import type { AppendRequest } from './append-request.ts'
import { appendingFor } from './appending.ts'
import { decisionsIn, usesIn } from './decision-row.ts'
import { ForeignWrites } from './foreign-writes.ts'
import { FreezeRows } from './freeze-rows.ts'
import { GroupCommit } from './group-commit.ts'
import { HeadWalk } from './head-walk.ts'
import { JournalWriter } from './journal-writer.ts'
import { LeaseTable } from './lease-table.ts'
import { outside } from './outside.ts'
import { requireUndamaged } from './pages.ts'
import { ExecutionEndCache, planRunRows } from './plan-run-rows.ts'
import { policyIn } from './policy-row.ts'
import { parseRow } from './read-row.ts'
import { scheduleRows } from './schedule-rows.ts'
import type { SegmentRecord } from './segment-file.ts'
import { SqliteAuditTrail } from './sqlite-audit-trail.ts'
import { guarded, unlessHindered } from './sqlite-error.ts'
import { prepareStatements, type Statements } from './statements.ts'
import { StoreFile } from './store-file.ts'
import type { SqliteStoreParts } from './store-parts.ts'
import { StoreReading } from './store-reading.ts'
import { VerifiedChain } from './verified-chain.ts'

/** So many records are given behind a cursor at most. */
const AT_ONCE = 1_000
/** A tail longer than this is not walked again at the next opening. */
const TAIL = 1_000

/** The store over one SQLite file. Made by `openStore`. */
export class SqliteStore implements Store, Leases {
  readonly quarantineSeconds = QUARANTINE_ON_ONE_MACHINE
  /** The install key that the store is under. */
  readonly installKey: InstallKey
  readonly audit: SqliteAuditTrail
  readonly file: StoreFile
  readonly #parts: SqliteStoreParts
  readonly #statements: Statements
  readonly #ends: ExecutionEndCache
  readonly #leases: LeaseTable
  readonly #freezes: FreezeRows
  readonly #chain: VerifiedChain
  readonly #reading: StoreReading
  readonly #foreign: ForeignWrites
  readonly #standing: HeadWalk
  readonly #appends: GroupCommit<AppendRequest, readonly JournalEvent[]>

  constructor(parts: SqliteStoreParts) {
    this.#parts = parts
    this.installKey = parts.keys.installKey
    this.#statements = prepareStatements(parts.database)
    this.#ends = new ExecutionEndCache(this.#statements)
    const { database, marks, path, moment, executions, segments } = parts
    this.#chain = new VerifiedChain({ database, marks, executions, segments, statements: this.#statements })
    this.#reading = new StoreReading(parts, this.#chain)
    this.#leases = new LeaseTable(database)
    this.#freezes = new FreezeRows(this.#statements)
    this.#foreign = new ForeignWrites(database, path)
    this.#standing = new HeadWalk({
      clock: parts.clock,
      foreign: this.#foreign,
      walk: (before) => this.#chain.walk(before.seq + 1, before),
      readAnew: () => this.#reading.anew(),
      requireAll: (head) => this.#chain.requireAll(head),
    })
    const [statements, freezes, leases] = [this.#statements, this.#freezes, this.#leases]
    const head = (): StoreHead => this.#chain.head()
    this.file = new StoreFile(path, () => this.#reading.of(() => statements.last.get()?.seq ?? 0))
    const verify = (after: number): StoreHead => this.#chain.walk(after + 1)
    const writer = new JournalWriter({ ...parts, statements, leases, freezes, head, verify, file: this.file })
    this.audit = new SqliteAuditTrail({ ...parts, head, rows: (from, limit) => this.#chain.rows(from, limit) })
    this.#appends = new GroupCommit((group) => guarded(path, () => writer.write(group)), moment)
  }

  get id(): string {
    return this.#parts.origin
  }

  get segments(): readonly SegmentRecord[] {
    return this.#parts.segments.records
  }

  async knowsPlan(digest: string): Promise<boolean> {
    return this.#reading.of(() => typeof this.#statements.firstNaming.get(digest) === 'number')
  }

  as(actor: Actor): Journal {
    const latest = (): string | undefined => this.#reading.of(() => this.#chain.head()).latest
    return {
      append: appendingFor(actor, { ...this.#parts, latest, add: (request) => this.#appends.add(request) }),
      read: (execution) => this.read(execution),
    }
  }

  async read(execution: string): Promise<readonly JournalEvent[]> {
    return this.#reading.counted(() => [...this.#chain.recordsOf(execution), ...this.file.lostRecords(execution)])
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

  async executions(page: ExecutionPage = {}): Promise<readonly ExecutionSummary[]> {
    return this.#reading.counted(() => {
      this.#chain.head()
      return this.#parts.executions.page(page).map(({ id, first, last }) => ({
        id,
        first: this.#chain.event(first),
        last: this.#chain.event(last),
      }))
    })
  }

  async openExecutions(): ReturnType<Store['openExecutions']> {
    return this.#reading.counted(() => {
      this.#chain.head()
      return this.#parts.executions.open().map(({ id, hasActed }) => ({ id, hasActed }))
    })
  }

  async executionIds(): Promise<readonly string[]> {
    return this.#reading.counted(() => this.#parts.executions.ids())
  }

  async resolveExecution(word: string): ReturnType<Store['resolveExecution']> {
    return this.#reading.counted(() => {
      const found = this.#parts.executions.resolve(word)
      // Who takes an entry away hides no execution.
      if (found.found === 'none') this.#chain.recordsOf(word)
      return found
    })
  }

  async requested(key: string): Promise<(JournalEvent & { readonly type: 'ExecutionStarted' }) | undefined> {
    return this.#reading.counted(() => {
      const row = this.#statements.withKey.get(key)
      if (row === undefined) this.#chain.head()
      return ofType('ExecutionStarted', row === undefined ? [] : this.#chain.begunBy(row))[0]
    })
  }

  async planMade(digest: string): ReturnType<Store['planMade']> {
    return this.#reading.of(() => {
      const newest = this.#chain.ofPlan(digest, 'PlanMade').at(-1)
      return newest && ofType('PlanMade', [this.#chain.event(newest.seq)])[0]
    })
  }

  async approvals(plan: string): ReturnType<Store['approvals']> {
    this.#reading.anew()
    return this.#reading.of(() => {
      const rows = this.#chain.ofPlan(plan, 'ApprovalDecided')
      const before = this.#chain.beforeNaming(plan)
      const fault = before instanceof BrokenChainError ? before : this.#standing.faultSince(plan, before, rows)
      if (fault !== undefined && rows.length === 0) throw fault
      return decisionsIn(rows, fault)
    })
  }

  async approvalUses(plan: string): ReturnType<Store['approvalUses']> {
    return this.#reading.of(() => usesIn(this.#chain.ofPlan(plan, 'ApprovalUsed')))
  }

  async planRuns(plan: string): ReturnType<Store['planRuns']> {
    return this.#reading.counted(() => planRunRows(plan, this.#chain, this.#ends, this.#parts.executions))
  }

  async snapshots(): ReturnType<Store['snapshots']> {
    return this.#reading.of(() => outside('SnapshotTaken', this.#chain, this.#statements))
  }

  async bundles(limit?: number): ReturnType<Store['bundles']> {
    return this.#reading.of(() => outside('BundlePublished', this.#chain, this.#statements, limit))
  }

  readonly newestOf: Store['newestOf'] = async (type, limit) =>
    this.#reading.of(() => outside(type, this.#chain, this.#statements, limit))

  async restored(): ReturnType<Store['restored']> {
    return this.#reading.of(() => {
      const place = this.#statements.lastRestoration.get()
      return place === undefined ? undefined : ofType('StoreRestored', [this.#chain.event(place)])[0]
    })
  }

  async freezes(at: string): Promise<readonly FreezeRecord[]> {
    return this.#reading.of(() => {
      this.#chain.head()
      return this.#freezes.inForce(at)
    })
  }

  async schedules(): ReturnType<Store['schedules']> {
    return this.#reading.of(() => scheduleRows(this.#chain, this.#statements))
  }

  async policySeen(): ReturnType<Store['policySeen']> {
    return this.#reading.of(() => policyIn(this.#statements.lastPolicy.get()))
  }

  async tail(after?: Cursor): ReturnType<Store['tail']> {
    return this.#reading.of(() => {
      if (after === undefined) return { events: [], cursor: cursorBehind(this.#chain.head()) }
      const rows = this.#chain.rows(positionIn(after) + 1, AT_ONCE)
      const last = rows.at(-1)
      return { events: rows.map(parseRow), cursor: last === undefined ? after : cursorBehind(last) }
    })
  }

  async signals(tokens: readonly string[], after: Cursor): ReturnType<Store['signals']> {
    const rows = (): readonly ChainRow[] => this.#statements.signals.all(JSON.stringify(tokens), positionIn(after))
    return this.#reading.of(() => ofType('SignalSent', this.#chain.eventsOf(rows())))
  }

  async stopRequest(execution: string, after: Cursor): ReturnType<Store['stopRequest']> {
    const rows = (): readonly ChainRow[] => this.#statements.lastStop.all(execution, positionIn(after))
    return this.#reading.of(() => ofType('StopRequested', this.#chain.eventsOf(rows()))[0])
  }

  async suspendRequest(execution: string, after: Cursor): ReturnType<Store['suspendRequest']> {
    const rows = (): readonly ChainRow[] => this.#statements.lastSuspend.all(execution, positionIn(after))
    return this.#reading.of(() => ofType('SuspendRequested', this.#chain.eventsOf(rows()))[0])
  }

  async leaseOf(device: string): Promise<Lease | undefined> {
    return guarded(this.#parts.path, () => this.#leases.leaseOf(device))
  }

  async fence(execution: string, device: string): Promise<Fence> {
    const { clock, path } = this.#parts
    const asked = clock.monotonic()
    this.file.requireLeases(device)
    guarded(path, () => this.#leases.requireLease(execution, device, this.#statements.lastOf.get(execution) ?? null))
    return fenceOf(device, asked, () => clock.monotonic())
  }

  async head(): Promise<StoreHead> {
    return this.#reading.of(() => this.#chain.head())
  }

  async verifyChain(from = 1): Promise<StoreHead> {
    return this.#reading.of(() => {
      const head = this.#chain.walk(from)
      if (from === 1) this.#verifyBesideChain()
      return head
    })
  }

  /**
   * Copies the store, as it is at one moment, into a file that is there and empty; others go on reading and writing meanwhile
   * (sqlite.org/lang_vacuum.html#vacuuminto). Throws `store`.
   */
  async copyInto(path: string): Promise<void> {
    this.#appends.flush()
    guarded(path, () => this.#parts.database.prepare('VACUUM INTO ?').run(path))
  }

  async close(): Promise<void> {
    this.#appends.flush()
    this.#parts.segments.close()
    this.#parts.database.close()
  }

  /** Walks what was appended since the chain was last verified. Throws BrokenChainError. */
  verifyTail(): void {
    const verified = this.#reading.of(() => this.#parts.marks.get('verified'))
    const head = this.#reading.of(() => this.#chain.walk(verified.seq + 1, verified))
    if (head.seq - verified.seq > TAIL) unlessHindered(() => this.#parts.marks.set('verified', head))
    unlessHindered(() => this.#reading.count())
  }

  /** Verifies what the chain does not show: the entries of executions, and the pages of the file. */
  #verifyBesideChain(): void {
    const { executions, database, path, segments } = this.#parts
    segments.verify()
    const fault = executions.fault(segments.base.seq)
    if (fault !== undefined) throw fault
    requireUndamaged(database, path)
  }
}

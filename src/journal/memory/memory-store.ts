import type { Clock } from '../../model/clock.ts'
import { sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { type Fence, fenceOf, longestAge } from '../../model/fence.ts'
import { identityOf } from '../../model/principal.ts'
import { BrokenChainError, chainHash, genesis } from '../chain.ts'
import { LeaseBook } from '../chains/lease-book.ts'
import { requireConditions } from '../condition.ts'
import { type Cursor, cursorBehind, isBehind } from '../cursor.ts'
import type { ArtefactRef, EventBody, JournalEvent } from '../event.ts'
import { planOf, usesIn } from '../event-uses.ts'
import { type FreezeRecord, freezesAmong, isUnderWay, requireNotFrozen } from '../freeze.ts'
import type { AppendCondition, Journal } from '../journal.ts'
import { type Lease, type Leases, leasedAct, QUARANTINE_ON_ONE_MACHINE, requireNewestWriter } from '../lease.ts'
import { ofType } from '../of-type.ts'
import { planRunsAmong } from '../plan-runs.ts'
import { resolveAmong } from '../resolve-execution.ts'
import { type ScheduleRecord, scheduleRecordsAmong } from '../schedule.ts'
import type {
  Actor,
  ExecutionPage,
  ExecutionSummary,
  OpenExecution,
  PolicyRecord,
  Store,
  StoreHead,
  Tail,
} from '../store.ts'
import { conditioned } from './conditioned.ts'
import { copyOf, isOverIn, type MemoryContent, nothingKept } from './memory-content.ts'

/** So many records are given behind a cursor at most. */
const AT_ONCE = 1_000

/** What a store in memory is called, and its clock. */
export interface MemoryStoreOptions {
  readonly clock: Clock
  readonly id: string
  /** For how long an owner may be silent before somebody else takes over, in milliseconds. Absent: nobody does while it lives. */
  readonly ttl?: number
  /** For how long a switch is kept from others after an unclean takeover. Absent: as on one machine. */
  readonly quarantineSeconds?: number
  /** The clock by which leases last, milliseconds since the epoch: that of the store, where its processes have others. Absent: theirs. */
  readonly leaseTime?: () => number
}

/**
 * A store in memory that keeps the promises of the embedded one: all or nothing, refused to whoever has not folded the newest record, one
 * use of each approval, leases that change hands. It outlives the processes that have it open ({@link MemoryStore.opened}); a write that was not begun
 * is lost with them. Nothing of it is encrypted or scrubbed: it is for simulated switches.
 */
export class MemoryStore implements Store, Leases {
  readonly #options: MemoryStoreOptions
  readonly #kept: MemoryContent
  readonly #leases: LeaseBook
  /** The newest record of each execution that this process has written to. */
  readonly #written = new Map<string, number>()

  constructor(options: MemoryStoreOptions, kept: MemoryContent = nothingKept(options.id)) {
    this.#options = options
    this.#kept = kept
    this.#leases = new LeaseBook(kept.leases, { quarantineSeconds: this.quarantineSeconds, isOver: isOverIn(kept) })
  }

  /** The store as a further process has it open: with the leases that this process takes. */
  opened(): MemoryStore {
    return new MemoryStore(this.#options, this.#kept)
  }

  /** A copy of the store, as of now: from here on neither knows what the other does. */
  copied = (): MemoryStore => new MemoryStore(this.#options, copyOf(this.#kept))

  get id(): string {
    return this.#options.id
  }

  get quarantineSeconds(): number {
    return this.#options.quarantineSeconds ?? QUARANTINE_ON_ONE_MACHINE
  }

  as(actor: Actor): Journal {
    const identity = identityOf(actor)
    return {
      append: async (execution, events, after) => this.#append(identity, execution, events, after),
      read: (execution) => this.read(execution),
    }
  }

  #append(
    actor: string,
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number | readonly AppendCondition[],
  ): readonly JournalEvent[] {
    const { clock, leaseTime } = this.#options
    requireConditions(conditioned(this.#kept), execution, after)
    this.#requireUnused(events)
    const at = new Date(clock.now()).toISOString()
    if (execution !== undefined) this.#requireNotFrozen(execution, events, at)
    if (execution === undefined) for (const event of events) this.#leases.heedOutside(event)
    else this.#leases.heed(execution, events, leaseTime === undefined ? at : new Date(leaseTime()).toISOString())
    const { seq } = this.#kept.head
    const written = events.map((event, index): JournalEvent => {
      const envelope = { v: 1, seq: seq + index + 1, at, actor } as const
      return { ...envelope, ...(execution === undefined ? {} : { execution }), ...event }
    })
    for (const event of written) this.#keep(event)
    return written
  }

  #keep(event: JournalEvent): void {
    const { events, lasts, used, head } = this.#kept
    const { seq, at, execution } = event
    events.push(event)
    for (const use of usesIn(event)) used.add(use.key)
    const isLater = event.type === 'ClockAccepted' || head.latest === undefined || head.latest < at
    this.#kept.head = {
      seq,
      hash: chainHash(seq, head.hash, JSON.stringify(event)),
      latest: isLater ? at : head.latest,
    }
    if (execution === undefined) return
    lasts.set(execution, seq)
    this.#written.set(execution, seq)
  }

  /** Throws what an index of the embedded store throws, for the second use of an approval or of a key. */
  #requireUnused(events: readonly EventBody[]): void {
    for (const { key, refusal } of events.flatMap(usesIn)) if (this.#kept.used.has(key)) throw refusal()
  }

  #requireNotFrozen(execution: string, events: readonly EventBody[], at: string): void {
    const { events: all } = this.#kept
    const records = (): readonly JournalEvent[] => all.filter((event) => event.execution === execution)
    requireNotFrozen(
      events,
      () => freezesAmong(all, at),
      () => isUnderWay(records()),
    )
  }

  async read(execution: string): Promise<readonly JournalEvent[]> {
    return this.#kept.events.filter((event) => event.execution === execution)
  }

  async put(text: string): Promise<ArtefactRef> {
    const ref = `blob:${sha256(text)}`
    this.#kept.texts.set(ref, text)
    return ref
  }

  async get(ref: ArtefactRef): Promise<string> {
    const text = this.#kept.texts.get(ref)
    if (text === undefined) throw new EosflowError('store', `no such artefact: ${ref}`)
    return text
  }

  async knowsPlan(digest: string): Promise<boolean> {
    return this.#kept.events.some((event) => planOf(event) === digest)
  }

  async executions({ limit, before, open = false }: ExecutionPage = {}): Promise<readonly ExecutionSummary[]> {
    const ids = open ? (await this.openExecutions()).map(({ id }) => id) : await this.executionIds()
    const found = ids.map(async (id) => {
      const [first, last] = [(await this.read(id))[0], (await this.read(id)).at(-1)]
      return first === undefined || last === undefined ? [] : [{ id, first, last }]
    })
    const [end] = before === undefined ? [{ seq: Number.POSITIVE_INFINITY }] : await this.read(before)
    const all = (await Promise.all(found)).flat()
    return all.filter(({ first }) => first.seq < (end?.seq ?? 0)).slice(0, limit)
  }

  async openExecutions(): ReturnType<Store['openExecutions']> {
    const open: OpenExecution[] = []
    for (const id of await this.executionIds()) {
      const events = await this.read(id)
      const word = events.findLast(({ type }) => type === 'ExecutionEnded' || type === 'ExecutionRedriven')
      if (word?.type === 'ExecutionEnded') continue
      open.push({ id, hasActed: events.some((event) => leasedAct(event) !== undefined) })
    }
    return open
  }

  async executionIds(): Promise<readonly string[]> {
    return [...this.#kept.lasts.keys()].reverse()
  }

  async resolveExecution(word: string): ReturnType<Store['resolveExecution']> {
    return resolveAmong(await this.executionIds(), word)
  }

  async requested(key: string): Promise<(JournalEvent & { readonly type: 'ExecutionStarted' }) | undefined> {
    return ofType('ExecutionStarted', this.#kept.events).find(({ request }) => request?.key === key)
  }

  async planMade(digest: string): ReturnType<Store['planMade']> {
    return ofType('PlanMade', this.#kept.events).findLast((event) => event.digest === digest)
  }

  async approvals(plan: string): ReturnType<Store['approvals']> {
    const decided = ofType('ApprovalDecided', this.#kept.events).filter(({ statement }) => statement.plan === plan)
    return decided.map((event) => ({ event, verified: true }))
  }

  async approvalUses(plan: string): ReturnType<Store['approvalUses']> {
    const used = ofType('ApprovalUsed', this.#kept.events).filter((event) => event.plan === plan)
    return used.map(({ nonce, execution }) => ({ nonce, execution }))
  }

  async planRuns(plan: string): ReturnType<Store['planRuns']> {
    const made = new Set(ofType('PlanMade', this.#kept.events).map((one) => (one.digest === plan ? one.execution : '')))
    return planRunsAmong(this.#kept.events.filter(({ execution = '' }) => made.has(execution)))
  }

  async snapshots(): Promise<readonly (JournalEvent & { readonly type: 'SnapshotTaken' })[]> {
    return ofType('SnapshotTaken', this.#kept.events).toReversed()
  }

  async bundles(limit?: number): ReturnType<Store['bundles']> {
    return ofType('BundlePublished', this.#kept.events).toReversed().slice(0, limit)
  }

  readonly newestOf: Store['newestOf'] = async (type, limit) => {
    const found = ofType(type, this.#kept.events).filter(({ execution }) => execution === undefined)
    return found.toReversed().slice(0, limit)
  }

  async freezes(at: string): Promise<readonly FreezeRecord[]> {
    return freezesAmong(this.#kept.events, at)
  }

  async schedules(): Promise<readonly ScheduleRecord[]> {
    return scheduleRecordsAmong(this.#kept.events)
  }

  async policySeen(): ReturnType<Store['policySeen']> {
    return this.#kept.events.findLast(
      (event): event is PolicyRecord => event.type === 'PolicyLoaded' || event.type === 'PolicyRetired',
    )
  }

  async restored(): ReturnType<Store['restored']> {
    return ofType('StoreRestored', this.#kept.events).at(-1)
  }

  async tail(after?: Cursor): Promise<Tail> {
    if (after === undefined) return { events: [], cursor: cursorBehind(this.#kept.head) }
    const events = this.#kept.events.filter((event) => isBehind(event, after)).slice(0, AT_ONCE)
    const last = events.at(-1)
    return { events, cursor: last === undefined ? after : cursorBehind(last) }
  }

  async signals(tokens: readonly string[], after: Cursor): ReturnType<Store['signals']> {
    return ofType('SignalSent', this.#kept.events).filter(
      (event) => isBehind(event, after) && tokens.includes(event.token),
    )
  }

  async stopRequest(execution: string, after: Cursor): ReturnType<Store['stopRequest']> {
    const all = ofType('StopRequested', this.#kept.events)
    return all.findLast((event) => event.stopped === execution && isBehind(event, after))
  }

  async suspendRequest(execution: string, after: Cursor): ReturnType<Store['suspendRequest']> {
    const all = ofType('SuspendRequested', this.#kept.events)
    return all.findLast((event) => event.suspended === execution && isBehind(event, after))
  }

  async leaseOf(device: string): Promise<Lease | undefined> {
    return this.#leases.of(device)
  }

  async fence(execution: string, device: string): Promise<Fence> {
    const { clock, ttl } = this.#options
    const asked = clock.monotonic()
    requireNewestWriter(this.#kept.lasts.get(execution) ?? null, this.#written.get(execution), { execution, device })
    this.#leases.require(execution, device)
    return fenceOf(device, asked, () => clock.monotonic(), { longest: longestAge(ttl) })
  }

  async head(): Promise<StoreHead> {
    return this.#kept.head
  }

  async verifyChain(from = 1): Promise<StoreHead> {
    let { seq, hash } = genesis(this.id)
    for (const event of this.#kept.events) {
      seq += 1
      if (event.seq !== seq && seq >= from) throw new BrokenChainError({ seq, reason: 'a record is missing' })
      hash = chainHash(seq, hash, JSON.stringify(event))
    }
    const { head } = this.#kept
    if (head.seq === seq && Buffer.from(hash).equals(head.hash)) return head
    throw new BrokenChainError({ seq, reason: 'the records are not those that were written' })
  }

  async close(): Promise<void> {
    this.#kept.texts.clear()
  }
}

import { type Cursor, cursorBehind, isBehind } from '../src/journal/cursor.ts'
import type { ArtefactRef, EventBody, JournalEvent } from '../src/journal/event.ts'
import type { Journal } from '../src/journal/journal.ts'
import {
  abandonedIn,
  type Lease,
  type Leases,
  leasedAct,
  quarantined,
  requireNewestWriter,
  requireToken,
  takeLease,
  takesOver,
} from '../src/journal/lease.ts'
import { resolveAmong } from '../src/journal/resolve-execution.ts'
import type {
  Actor,
  ExecutionPage,
  ExecutionSummary,
  OpenExecution,
  RecordedDecision,
  RecordedUse,
  ResolvedExecution,
  Restoration,
  StopRequest,
  Store,
  SuspendRequest,
  Tail,
} from '../src/journal/store.ts'
import type { Clock } from '../src/model/clock.ts'
import { sha256 } from '../src/model/digest.ts'
import { EosflowError } from '../src/model/error.ts'
import { type Fence, fenceOf } from '../src/model/fence.ts'
import { identityOf } from '../src/model/principal.ts'

/** What a controller asks of its store. */
export type ControllerStore = Pick<
  Store,
  | 'as'
  | 'read'
  | 'put'
  | 'get'
  | 'approvals'
  | 'approvalUses'
  | 'executionIds'
  | 'executions'
  | 'openExecutions'
  | 'resolveExecution'
  | 'stopRequest'
  | 'suspendRequest'
  | 'tail'
  | 'restored'
> & {
  /** The highest wall time on any record, ISO 8601 in UTC. */
  latest(): Promise<string | undefined>
  /** The store as a further process has it open: with the leases that this process takes. */
  opened(): ControllerStore
  fence: Leases['fence']
  /** Verifies what can be verified of it. Throws `store`. */
  verify(): Promise<void>
  close(): Promise<void>
}

/** What outlives every process that has the store open. */
interface Kept {
  readonly events: JournalEvent[]
  readonly texts: Map<ArtefactRef, string>
  readonly lasts: Map<string, number>
  readonly used: Set<string>
  readonly leases: Map<string, Lease>
  latest: string | undefined
}

const nothingKept = (): Kept => ({
  events: [],
  texts: new Map(),
  lasts: new Map(),
  used: new Set(),
  leases: new Map(),
  latest: undefined,
})

const useKey = ({ nonce, use = 1 }: { readonly nonce: string; readonly use?: number }): string => `${nonce} ${use}`

/**
 * A store in memory that keeps the promises of the real one: all or nothing, refused to whoever has not folded the newest
 * record, one use of each approval. It outlives the controllers that write to it; a write that was not begun is lost
 * with them.
 */
export class MemoryStore implements ControllerStore {
  readonly #clock: Clock
  readonly #kept: Kept
  readonly #events: JournalEvent[]
  /** The tokens that this process has taken, by switch. */
  readonly #tokens = new Map<string, number>()
  /** The newest record of each execution that this process has written to. */
  readonly #written = new Map<string, number>()

  constructor(clock: Clock, kept: Kept = nothingKept()) {
    this.#clock = clock
    this.#kept = kept
    this.#events = kept.events
  }

  opened(): ControllerStore {
    return new MemoryStore(this.#clock, this.#kept)
  }

  async fence(execution: string, device: string): Promise<Fence> {
    const asked = this.#clock.monotonic()
    requireNewestWriter(this.#kept.lasts.get(execution) ?? null, this.#written.get(execution), { execution, device })
    const held = this.#tokens.get(`${execution} ${device}`)
    if (held !== undefined) requireToken(this.#kept.leases.get(device), held, { execution, device })
    return fenceOf(device, asked, () => this.#clock.monotonic())
  }

  /** Every record, in order. */
  get events(): readonly JournalEvent[] {
    return this.#events
  }

  as(actor: Actor): Journal {
    const identity = identityOf(actor)
    return {
      append: (execution, events, after) => this.#append(identity, execution, events, after),
      read: (execution) => this.read(execution),
    }
  }

  async #append(
    actor: string,
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number,
  ): Promise<readonly JournalEvent[]> {
    this.#requireNew(execution, events, after)
    const at = new Date(this.#clock.now()).toISOString()
    if (execution !== undefined) this.#takeLeases(execution, events, at)
    const written = events.map((event, index): JournalEvent => {
      const envelope = { v: 1, seq: this.#events.length + index + 1, at, actor } as const
      return { ...envelope, ...(execution === undefined ? {} : { execution }), ...event }
    })
    for (const event of written) {
      this.#events.push(event)
      if (event.type === 'ApprovalUsed') this.#kept.used.add(useKey(event))
      if (execution === undefined) continue
      this.#kept.lasts.set(execution, event.seq)
      this.#written.set(execution, event.seq)
    }
    if (this.#kept.latest === undefined || this.#kept.latest < at) this.#kept.latest = at
    return written
  }

  /** Throws `busy` for who has not folded the newest record, and `not-approved` for an approval's second use. */
  #requireNew(execution: string | undefined, events: readonly EventBody[], after: number | undefined): void {
    const last = execution === undefined ? 0 : (this.#kept.lasts.get(execution) ?? 0)
    if (execution !== undefined && after !== undefined && last !== after) {
      throw new EosflowError('busy', `execution ${execution} was continued by another process`)
    }
    for (const event of events) {
      if (event.type === 'ApprovalUsed' && this.#kept.used.has(useKey(event))) {
        throw new EosflowError('not-approved', 'this approval was already used by an execution')
      }
    }
  }

  /** All or nothing: what one event may not have, none of them takes. */
  #takeLeases(execution: string, events: readonly EventBody[], at: string): void {
    const { leases } = this.#kept
    const taken = new Map<string, Lease>()
    if (events.some(takesOver)) this.#passLeases(execution)
    for (const device of events.flatMap(abandonedIn)) {
      const lease = leases.get(device)
      if (lease?.execution === execution) leases.set(device, quarantined(lease, at))
    }
    for (const event of events) {
      const act = leasedAct(event)
      if (act === undefined) continue
      const present = taken.get(act.device) ?? leases.get(act.device)
      const held = taken.get(act.device)?.token ?? this.#tokens.get(`${execution} ${act.device}`)
      taken.set(act.device, takeLease(present, held, { execution, at, ...act }))
    }
    for (const [device, lease] of taken) {
      leases.set(device, lease)
      this.#tokens.set(`${execution} ${device}`, lease.token)
    }
    if (!events.some(({ type }) => type === 'ExecutionEnded')) return
    for (const [device, lease] of leases)
      if (lease.execution === execution) leases.set(device, { ...lease, until: null })
  }

  #passLeases(execution: string): void {
    for (const [device, lease] of this.#kept.leases) {
      if (lease.execution !== execution) continue
      this.#kept.leases.set(device, { ...lease, token: lease.token + 1 })
      this.#tokens.delete(`${execution} ${device}`)
    }
  }

  async read(execution: string): Promise<readonly JournalEvent[]> {
    return this.#events.filter((event) => event.execution === execution)
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

  async approvals(plan: string): Promise<readonly RecordedDecision[]> {
    return this.#events.flatMap((event) =>
      event.type === 'ApprovalDecided' && event.statement.plan === plan ? [{ event, verified: true }] : [],
    )
  }

  async approvalUses(plan: string): Promise<readonly RecordedUse[]> {
    return this.#events.flatMap((event) =>
      event.type === 'ApprovalUsed' && event.plan === plan ? [{ nonce: event.nonce, execution: event.execution }] : [],
    )
  }

  async executionIds(): Promise<readonly string[]> {
    return [...this.#kept.lasts.keys()].reverse()
  }

  async executions({ limit, before }: ExecutionPage = {}): Promise<readonly ExecutionSummary[]> {
    const ids = await this.executionIds()
    const behind = before === undefined ? ids : ids.includes(before) ? ids.slice(ids.indexOf(before) + 1) : []
    const found = behind.slice(0, limit).map(async (id) => {
      const events = await this.read(id)
      const [first, last] = [events[0], events.at(-1)]
      return first === undefined || last === undefined ? [] : [{ id, first, last }]
    })
    return (await Promise.all(found)).flat()
  }

  async openExecutions(): Promise<readonly OpenExecution[]> {
    const open: OpenExecution[] = []
    for (const id of await this.executionIds()) {
      const events = await this.read(id)
      const word = events.findLast(({ type }) => type === 'ExecutionEnded' || type === 'ExecutionRedriven')
      if (word?.type === 'ExecutionEnded') continue
      open.push({ id, hasActed: events.some((event) => leasedAct(event) !== undefined) })
    }
    return open
  }

  async resolveExecution(word: string): Promise<ResolvedExecution> {
    return resolveAmong(await this.executionIds(), word)
  }

  async restored(): Promise<Restoration | undefined> {
    return this.#events.findLast((event): event is Restoration => event.type === 'StoreRestored')
  }

  async tail(after?: Cursor): Promise<Tail> {
    const events = after === undefined ? [] : this.#events.filter((event) => isBehind(event, after)).slice(0, 1_000)
    const last = after === undefined ? this.#events.at(-1) : events.at(-1)
    return { events, cursor: last === undefined ? (after ?? cursorBehind(undefined)) : cursorBehind(last) }
  }

  async stopRequest(execution: string, after: Cursor): Promise<StopRequest | undefined> {
    return this.#events.findLast(
      (event): event is StopRequest =>
        event.type === 'StopRequested' && event.stopped === execution && isBehind(event, after),
    )
  }

  async suspendRequest(execution: string, after: Cursor): Promise<SuspendRequest | undefined> {
    return this.#events.findLast(
      (event): event is SuspendRequest =>
        event.type === 'SuspendRequested' && event.suspended === execution && isBehind(event, after),
    )
  }

  async latest(): Promise<string | undefined> {
    return this.#kept.latest
  }

  async verify(): Promise<void> {
    const gap = this.#events.findIndex(({ seq }, index) => seq !== index + 1)
    if (gap !== -1) throw new EosflowError('store', `the record ${gap + 1} is missing`)
  }

  async close(): Promise<void> {
    this.#kept.texts.clear()
  }
}

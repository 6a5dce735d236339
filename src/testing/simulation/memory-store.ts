import type { ArtefactRef, EventBody, JournalEvent } from '../../journal/event.ts'
import type { RecordedDecision, RecordedUse, StopRequest, Store } from '../../journal/store.ts'
import type { Clock } from '../../model/clock.ts'
import { sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'

/** What a controller asks of its store. */
export type ControllerStore = Pick<
  Store,
  'append' | 'read' | 'put' | 'get' | 'approvals' | 'approvalUses' | 'stopRequest'
> & {
  /** The highest wall time on any record, ISO 8601 in UTC. */
  latest(): string | undefined
  /** Verifies what can be verified of it. Throws `store`. */
  verify(): void
  close(): void
}

/**
 * A store in memory that keeps the promises of the real one: all or nothing, refused to whoever has not folded the newest
 * record, one use of each approval. It outlives the controllers that write to it; a write that was not begun is lost
 * with them.
 */
export class MemoryStore implements ControllerStore {
  readonly #clock: Clock
  readonly #events: JournalEvent[] = []
  readonly #texts = new Map<ArtefactRef, string>()
  readonly #lasts = new Map<string, number>()
  readonly #used = new Set<string>()
  #latest: string | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Every record, in order. */
  get events(): readonly JournalEvent[] {
    return this.#events
  }

  async append(
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number,
  ): Promise<readonly JournalEvent[]> {
    const last = execution === undefined ? 0 : (this.#lasts.get(execution) ?? 0)
    if (execution !== undefined && after !== undefined && last !== after) {
      throw new EosflowError('busy', `execution ${execution} was continued by another process`)
    }
    for (const event of events) {
      if (event.type === 'ApprovalUsed' && this.#used.has(event.nonce)) {
        throw new EosflowError('not-approved', 'this approval was already used by an execution')
      }
    }
    const at = new Date(this.#clock.now()).toISOString()
    const written = events.map((event, index): JournalEvent => {
      const envelope = { v: 1, seq: this.#events.length + index + 1, at, actor: 'operator' } as const
      return { ...envelope, ...(execution === undefined ? {} : { execution }), ...event }
    })
    for (const event of written) {
      this.#events.push(event)
      if (event.type === 'ApprovalUsed') this.#used.add(event.nonce)
      if (execution !== undefined) this.#lasts.set(execution, event.seq)
    }
    if (this.#latest === undefined || this.#latest < at) this.#latest = at
    return written
  }

  async read(execution: string): Promise<readonly JournalEvent[]> {
    return this.#events.filter((event) => event.execution === execution)
  }

  async put(text: string): Promise<ArtefactRef> {
    const ref = `blob:${sha256(text)}`
    this.#texts.set(ref, text)
    return ref
  }

  async get(ref: ArtefactRef): Promise<string> {
    const text = this.#texts.get(ref)
    if (text === undefined) throw new EosflowError('store', `no such artefact: ${ref}`)
    return text
  }

  approvals(plan: string): readonly RecordedDecision[] {
    return this.#events.flatMap((event) =>
      event.type === 'ApprovalDecided' && event.statement.plan === plan ? [{ event, verified: true }] : [],
    )
  }

  approvalUses(plan: string): readonly RecordedUse[] {
    return this.#events.flatMap((event) =>
      event.type === 'ApprovalUsed' && event.plan === plan ? [{ nonce: event.nonce, execution: event.execution }] : [],
    )
  }

  stopRequest(execution: string, after: number): StopRequest | undefined {
    return this.#events.findLast(
      (event): event is StopRequest =>
        event.type === 'StopRequested' && event.stopped === execution && event.seq > after,
    )
  }

  latest(): string | undefined {
    return this.#latest
  }

  verify(): void {
    const gap = this.#events.findIndex(({ seq }, index) => seq !== index + 1)
    if (gap !== -1) throw new EosflowError('store', `the record ${gap + 1} is missing`)
  }

  close(): void {
    this.#texts.clear()
  }
}

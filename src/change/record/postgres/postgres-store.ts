import type { Clock } from '../../../model/clock.ts'
import { type Fence, fenceOf } from '../../../model/fence.ts'
import type { AuditedStore } from '../audit/audit-trail.ts'
import { leaseIn } from '../chains/append-basis.ts'
import { ChainReader } from '../chains/chain-reader.ts'
import type { ChainsAuditTrail } from '../chains/chains-audit-trail.ts'
import { Decisions } from '../chains/decisions.ts'
import { Executions } from '../chains/executions.ts'
import { LastSeenState } from '../chains/last-seen-state.ts'
import { Lookups } from '../chains/lookups.ts'
import { notedDecisions } from '../chains/noted-decisions.ts'
import { RecordAnswers } from '../chains/record-answers.ts'
import type { Records } from '../chains/records.ts'
import { type RetiredSegments, retiredError } from '../chains/retired-segments.ts'
import { Retirement } from '../chains/retirement.ts'
import type { ArtefactRef, JournalEvent } from '../event/event.ts'
import { recordAt } from '../event/record-text.ts'
import type { Scrub } from '../event/without-secrets.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import { draftsOf } from '../store/draft-context.ts'
import type { Journal } from '../store/journal.ts'
import { type Lease, type Leases, requireToken } from '../store/lease.ts'
import type { Notes } from '../store/notes.ts'
import { readBack } from '../store/read-back.ts'
import type { Actor, Store, StoreHead } from '../store/store.ts'
import type { PostgresAddress } from './address.ts'
import { appendBasisRows } from './append-basis-rows.ts'
import { AppendQueue } from './append-queue.ts'
import type { Questions, Session } from './database.ts'
import { Fences } from './fence-answer.ts'
import { type LostTail, type MissingRecord, missingError } from './lost-tail.ts'
import type { PresentKey } from './present-key.ts'
import { readChains } from './read-chains.ts'
import { postgresRecordRows } from './record-rows.ts'
import { declaredDead, elsewhereOrForged, unlessForged } from './refusal.ts'
import { asksOnce } from './shared-questions.ts'
import { Texts } from './texts.ts'
import type { WorkerRow } from './worker-row.ts'
import { WriteAnnouncer } from './write-announcer.ts'

/** What the store is made of. */
export interface PostgresStoreParts {
  readonly address: PostgresAddress
  /** The id of the store, which its chains begin with. */
  readonly origin: string
  readonly keys: KeyRing
  readonly presentKey: PresentKey
  /** The machine's clock, which records have the time of. */
  readonly clock: Clock
  readonly scrub: Scrub
  /** The time by which leases last, milliseconds since the epoch. */
  readonly serverNow: () => number
  /** Asked before anything is appended; rejects where nothing may be. */
  readonly admit: () => Promise<void>
  readonly session: Session
  readonly questions: Questions
  readonly records: Records
  readonly audit: ChainsAuditTrail
  readonly segments: RetiredSegments
  readonly worker: WorkerRow
  /** Whether the store still has what it has acknowledged. */
  readonly tail: LostTail
  readonly quarantineSeconds: number
  readonly isReplicated: boolean
  readonly notes: Notes
}

/** The store in a PostgreSQL database, as one process has it open. Made by `openPostgresStore`. */
export class PostgresStore extends RecordAnswers implements Store, Leases, AuditedStore {
  readonly #parts: PostgresStoreParts
  readonly #reading: ChainReader
  readonly #lastSeen: LastSeenState
  readonly #texts: Texts
  readonly #fences: Fences
  readonly #appends: AppendQueue
  readonly #announcing: WriteAnnouncer

  constructor(parts: PostgresStoreParts) {
    const { questions, origin, keys, presentKey, session, worker, clock, segments } = parts
    const rows = postgresRecordRows(questions, clock)
    const reading = presentKey.of(new ChainReader(rows, origin, keys, segments))
    const decisions = new Decisions({ rows, reading, origin, clock, memory: notedDecisions(parts.notes) })
    const lookups = asksOnce(presentKey.of(new Lookups(rows, reading, decisions)), clock)
    super({ reading, lookups, executions: presentKey.of(new Executions(rows, reading, clock)) })
    this.#parts = parts
    this.#reading = reading
    this.#announcing = new WriteAnnouncer(questions, clock)
    this.#texts = new Texts(parts)
    this.#fences = new Fences(parts)
    const read = (execution: string): Promise<readonly JournalEvent[]> => this.read(execution)
    this.#lastSeen = new LastSeenState({
      rows: appendBasisRows(session),
      origin,
      keys,
      read,
      freezes: () => lookups.freezeRecords(),
    })
    this.#appends = new AppendQueue({
      ...parts,
      me: () => worker.begin(),
      during: (work) => worker.during(work),
      lastSeen: this.#lastSeen,
      died: () => worker.died(),
      wrote: (execution) => this.#announcing.wrote(execution),
    })
  }

  /** How the records of executions leave the store. */
  get retirement(): Retirement {
    return new Retirement({ ...this.#parts, reading: this.#reading })
  }

  get audit(): ChainsAuditTrail {
    return this.#parts.audit
  }

  get id(): string {
    return this.#parts.origin
  }

  get quarantineSeconds(): number {
    return this.#parts.quarantineSeconds
  }

  /** The records that it has acknowledged to this machine and does not have. */
  get missing(): readonly MissingRecord[] {
    return this.#parts.tail.missing
  }

  as(actor: Actor): Journal {
    const { clock, scrub, admit, serverNow } = this.#parts
    return {
      append: async (execution, events, after, again) => {
        await admit()
        const at = new Date(clock.now()).toISOString()
        const drafts = draftsOf(events, { actor, at, execution, scrub })
        const read = drafts.map((draft) => readBack(recordAt(draft, 1)))
        if (drafts.length === 0) return []
        if (execution !== undefined && this.#reading.isRetired(execution)) throw retiredError(execution)
        const leaseAt = new Date(serverNow()).toISOString()
        const request = { execution, at, leaseAt, drafts, events: read, after }
        const written = await unlessForged(this, execution, () => this.#appends.add(request, again))
        this.audit.heedAppend(written)
        return written
      },
      read: (execution) => this.read(execution),
    }
  }

  /** The token under which this process has written an execution last. */
  tokenOf(execution: string): number | undefined {
    return this.#lastSeen.executions.get(execution)?.token
  }

  put(text: string): Promise<ArtefactRef> {
    return this.#texts.put(text)
  }

  get(ref: ArtefactRef): Promise<string> {
    return this.#texts.get(ref)
  }

  markOf(ref: ArtefactRef): Promise<string | undefined> {
    return this.#texts.markOf(ref)
  }

  leaseOf(device: string): Promise<Lease | undefined> {
    return this.#fences.leaseOf(device)
  }

  liveLeases(of: 'shares' | 'all'): Promise<readonly Lease[]> {
    return this.#fences.liveLeases(of, new Date(this.#parts.serverNow()).toISOString())
  }

  async fence(execution: string, device: string): Promise<Fence> {
    const { clock, worker } = this.#parts
    // Before it is asked: what this process writes to other switches of the execution meanwhile is its own.
    const written = this.#lastSeen.written.get(execution)
    const answer = await this.#fences.ask(execution, device)
    const { isAlive, execution: present, lease, asked, longest, term } = answer
    if (!isAlive) throw declaredDead()
    if (written !== undefined && (present?.last ?? 0) < written) throw missingError('store', this.missing)
    const known = this.#lastSeen.executions.get(execution)
    const isTaken = present?.token !== known?.token || (present?.worker ?? worker.id) !== worker.id
    if (written !== undefined && isTaken) throw await elsewhereOrForged(this, execution)
    const held = this.#lastSeen.tokens.get(execution)?.get(`${execution} ${device}`)
    if (held !== undefined) requireToken(lease === null ? undefined : leaseIn(lease), held, { execution, device })
    return fenceOf(device, asked, () => clock.monotonic(), { longest, term })
  }

  /** Every chain, whatever `from` is: none of them says where in it a position is. */
  async verifyChain(): Promise<StoreHead> {
    const { chains } = await readChains(this.#parts.questions, this.#parts.keys, this.#parts.segments.files)
    if (chains.fault !== undefined) throw new BrokenChainError(chains.fault)
    return this.head()
  }

  async close(): Promise<void> {
    await this.#appends.settled()
    await this.#announcing.settled()
    await this.#texts.settled()
    await this.#fences.settled()
    await this.#parts.audit.close()
    await this.#parts.worker.end()
    this.#parts.tail.close()
    await this.#parts.session.close()
    await this.#parts.questions.close()
  }
}

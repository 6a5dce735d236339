import type { Clock } from '../../../model/clock.ts'
import { type Fence, fenceOf } from '../../../model/fence.ts'
import type { AuditedStore } from '../audit/audit-trail.ts'
import { leaseIn, requestOf } from '../chains/append-request.ts'
import type { ChainReader } from '../chains/chain-reader.ts'
import type { ChainsAuditTrail } from '../chains/chains-audit-trail.ts'
import { RecordAnswers, readersOver } from '../chains/record-answers.ts'
import type { Records } from '../chains/records.ts'
import { type RetiredSegments, retiredError } from '../chains/retired-segments.ts'
import { type Retirement, retirementOver } from '../chains/retirement.ts'
import type { ArtefactRef } from '../event/event.ts'
import type { Scrub } from '../event/record-text.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { openText, type SealedText, sealText } from '../store/blob-format.ts'
import type { Journal } from '../store/journal.ts'
import { type Lease, type Leases, requireToken } from '../store/lease.ts'
import type { Notes } from '../store/notes.ts'
import { calledThrough } from '../store/questions.ts'
import type { Actor, Store, StoreHead } from '../store/store.ts'
import type { PostgresAddress } from './address.ts'
import { AppendQueue, declaredDead, elsewhereOrForged, unlessForged } from './append-queue.ts'
import { BatchedQuery } from './batched-query.ts'
import type { Questions, Session } from './database.ts'
import { Fences } from './fence-answer.ts'
import { LastSeenState } from './last-seen-state.ts'
import { type LostTail, type MissingRecord, missingError } from './lost-tail.ts'
import type { PresentKey } from './present-key.ts'
import { readChains } from './read-chains.ts'
import { postgresRecordRows } from './record-rows.ts'
import type { WorkerRow } from './worker-row.ts'
import { WriteAnnouncer } from './write-announcer.ts'

// So many texts are in one statement at most, and a longer one than so many bytes is in one alone.
const TOGETHER = 25
const LONG = 64 * 1024
// So many bytes are read by one statement, and one text at least: over a slow link more would not arrive in time.
const AT_ONCE = 256 * 1024

// The texts that are asked for, up to so many bytes: a text behind them is there without its bytes.
const READ = `SELECT b.ref, CASE WHEN b.upto - b.size < ${AT_ONCE} THEN b.bytes END AS bytes
  FROM (SELECT ref, bytes, octet_length(bytes) AS size, sum(octet_length(bytes)) OVER (ORDER BY ref) AS upto FROM blob WHERE ref = ANY($1)) AS b`
const MARKS = `SELECT ref, encode(sha256(bytes), 'hex') AS mark FROM blob WHERE ref = ANY($1)`
// So many marks are in one statement at most: who asks at once mostly asks for the same one.
const MARKS_TOGETHER = 500

interface TextsParts {
  readonly questions: Questions
  readonly keys: StoreKeys
  readonly segments: Pick<RetiredSegments, 'text'>
  readonly clock: Pick<Clock, 'monotonic'>
}

type Texts = ReturnType<typeof textsOver>

function textsOver(parts: TextsParts) {
  const { clock } = parts
  const puts = new BatchedQuery({ ask: putAll, most: TOGETHER, clock })
  const gets = new BatchedQuery({ ask: bytesOf, most: TOGETHER, clock })
  const marks = new BatchedQuery({ ask: marksOf, most: MARKS_TOGETHER, clock })

  // Throws `store`.
  async function put(text: string): Promise<ArtefactRef> {
    const sealed = sealText(parts.keys, text)
    if (sealed.bytes.length > LONG) {
      await parts.questions.ask('SELECT blob_put($1, $2)', [sealed.ref, sealed.bytes])
      return sealed.ref
    }
    return puts.ask(sealed)
  }

  // Throws `store` where it is not there, or was altered.
  async function get(ref: ArtefactRef): Promise<string> {
    let bytes = await gets.ask(ref)
    while (bytes === 'later') bytes = await gets.ask(ref)
    return openText(parts.keys, ref, bytes ?? (await parts.segments.text(ref)))
  }

  async function settled(): Promise<void> {
    await Promise.all([puts.settled(), gets.settled(), marks.settled()])
  }

  async function putAll(texts: readonly SealedText[]): Promise<readonly ArtefactRef[]> {
    // In one order: two processes that keep the same texts would wait for each other.
    const inOrder = texts.toSorted((one, other) => (one.ref < other.ref ? -1 : 1))
    await parts.questions.ask('SELECT blob_put(ref, bytes) FROM unnest($1::text[], $2::bytea[]) AS put(ref, bytes)', [
      inOrder.map(({ ref }) => ref),
      inOrder.map(({ bytes }) => bytes),
    ])
    return texts.map(({ ref }) => ref)
  }

  async function bytesOf(refs: readonly ArtefactRef[]): Promise<readonly (Uint8Array | 'later' | undefined)[]> {
    const rows = await parts.questions.ask<{ ref: ArtefactRef; bytes: Uint8Array | null }>(READ, [refs])
    const found = new Map(rows.map(({ ref, bytes }) => [ref, bytes ?? ('later' as const)]))
    return refs.map((ref) => found.get(ref))
  }

  async function marksOf(refs: readonly ArtefactRef[]): Promise<readonly (string | undefined)[]> {
    const rows = await parts.questions.ask<{ ref: ArtefactRef; mark: string }>(MARKS, [[...new Set(refs)]])
    const found = new Map(rows.map(({ ref, mark }) => [ref, mark]))
    return refs.map((ref) => found.get(ref))
  }

  return { put, get, markOf: (ref: ArtefactRef) => marks.ask(ref), settled }
}

// A question that is being asked, and the one behind it, which all who have asked the same since wait for.
interface Asked {
  // In milliseconds of the monotonic clock.
  readonly since: number
  readonly running: Promise<unknown>
  next?: Promise<unknown>
}

// Nobody waits longer for the answer to an earlier question, in milliseconds: it may never come.
const PATIENCE = 2_000

/** The same reader, which is asked once what several ask at once. Who asks while the same is asked waits for the next answer, so that no answer is of a time before the question; where the one before has none in two seconds, the next one does not wait for it. */
export function asksOnce<T extends object>(reader: T, clock: Pick<Clock, 'monotonic' | 'sleep'>): T {
  const asked = new Map<string, Asked>()
  const begin = (key: string, question: () => Promise<unknown>) => {
    const running = question()
    const own: Asked = { since: clock.monotonic(), running }
    asked.set(key, own)
    const end = () => {
      if (asked.get(key) === own && own.next === undefined) asked.delete(key)
    }
    running.then(end, end)
    return running
  }
  const once = (key: string, question: () => Promise<unknown>) => {
    const before = asked.get(key)
    if (before === undefined) return begin(key, question)
    before.next ??= behind(before).then(() => begin(key, question))
    return before.next
  }
  const behind = async ({ since, running }: Asked) => {
    const over = new AbortController()
    const ended = running.then(
      () => undefined,
      () => undefined,
    )
    const left = Math.max(0, PATIENCE - (clock.monotonic() - since))
    await Promise.race([ended, clock.sleep(left, over.signal).catch(() => undefined)])
    over.abort()
  }
  return calledThrough(reader, (call, name, given) => once(`${name} ${JSON.stringify(given)}`, async () => call()))
}

export interface PostgresStoreParts {
  readonly address: PostgresAddress
  readonly origin: string
  readonly keys: KeyRing
  readonly presentKey: PresentKey
  readonly clock: Clock
  readonly scrub: Scrub
  /** The time by which leases last, milliseconds since the epoch. */
  readonly serverNow: () => number
  readonly admit: () => Promise<void>
  readonly session: Session
  readonly questions: Questions
  readonly records: Records
  readonly audit: ChainsAuditTrail
  readonly segments: RetiredSegments
  readonly worker: WorkerRow
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
    const { questions, origin, keys, presentKey, session, worker, clock } = parts
    const rows = postgresRecordRows(questions, clock)
    const readers = readersOver(rows, parts, (reader) => presentKey.of(reader))
    const { reading } = readers
    const lookups = asksOnce(readers.lookups, clock)
    super({ ...readers, lookups })
    this.#parts = parts
    this.#reading = reading
    this.#announcing = new WriteAnnouncer(questions, clock)
    this.#texts = textsOver(parts)
    this.#fences = new Fences(parts)
    const read = (execution: string) => this.read(execution)
    this.#lastSeen = new LastSeenState({
      session,
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

  get retirement(): Retirement {
    return retirementOver({ ...this.#parts, reading: this.#reading })
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

  get missing(): readonly MissingRecord[] {
    return this.#parts.tail.missing
  }

  as(actor: Actor): Journal {
    const { clock, scrub, admit, serverNow } = this.#parts
    return {
      append: async (execution, events, after, again) => {
        await admit()
        const at = new Date(clock.now()).toISOString()
        const leaseAt = new Date(serverNow()).toISOString()
        const request = requestOf(events, { actor, at, leaseAt, execution, scrub, after })
        if (events.length === 0) return []
        if (execution !== undefined && this.#reading.isRetired(execution)) throw retiredError(execution)
        const written = await unlessForged(this, execution, () => this.#appends.add(request, again))
        this.audit.heedAppend(written)
        return written
      },
      read: (execution) => this.read(execution),
    }
  }

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

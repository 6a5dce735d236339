import type { Clock } from '../../../model/clock.ts'
import { type Fence, fenceOf } from '../../../model/fence.ts'
import { leaseIn, requestOf } from '../chains/append-request.ts'
import type { ChainsAuditTrail } from '../chains/chains-audit-trail.ts'
import { readersOver } from '../chains/record-answers.ts'
import type { Records } from '../chains/records.ts'
import { type RetiredSegments, retiredError } from '../chains/retired-segments.ts'
import { type Retirement, retirementOver } from '../chains/retirement.ts'
import type { ArtefactRef, JournalEvent } from '../event/event.ts'
import type { Scrub, TypesRead } from '../event/record-text.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { KeyRing, StoreKeys } from '../seal/store-keys.ts'
import { openText, type SealedText, sealText } from '../store/blob-format.ts'
import type { Journal } from '../store/journal.ts'
import { requireToken } from '../store/lease.ts'
import type { Notes } from '../store/notes.ts'
import { calledThrough } from '../store/questions.ts'
import type { Actor, StoreHead } from '../store/store.ts'
import { appendQueue, declaredDead, elsewhereOrForged, unlessForged } from './append-queue.ts'
import { batchedQuery, batchedRows } from './batched-query.ts'
import type { Questions, Session } from './database.ts'
import { fencesOver } from './fence-answer.ts'
import { lastSeenState } from './last-seen-state.ts'
import { type LostTail, type MissingRecord, missingError } from './lost-tail.ts'
import type { PresentKey } from './present-key.ts'
import { readChains } from './read-chains.ts'
import { postgresRecordRows } from './record-rows.ts'
import type { PostgresAddress } from './server-config.ts'
import type { WorkerRow } from './worker-row.ts'
import { writeAnnouncer } from './write-announcer.ts'

// So many texts are in one statement at most, and a longer one than so many bytes is in one alone.
const TOGETHER = 25
const LONG = 64 * 1024
// So many bytes are read by one statement, and one text at least: over a slow link more would not arrive in time.
const AT_ONCE = 256 * 1024

// The texts that are asked for, up to so many bytes: a text behind them is there without its bytes.
const READ = `SELECT b.ref, CASE WHEN b.upto - b.size < ${AT_ONCE} THEN b.bytes END AS bytes
  FROM (SELECT ref, bytes, octet_length(bytes) AS size, sum(octet_length(bytes)) OVER (ORDER BY ref) AS upto FROM blob WHERE ref = ANY($1)) AS b`
const MARKS = `WITH found AS MATERIALIZED (SELECT ref, encode(sha256(bytes), 'hex') AS mark FROM blob WHERE ref = ANY($1))
  SELECT f.mark FROM unnest($1::text[]) WITH ORDINALITY AS asked(ref, place) LEFT JOIN found f ON f.ref = asked.ref ORDER BY asked.place`
// So many marks are in one statement at most: who asks at once mostly asks for the same one.
const MARKS_TOGETHER = 500

interface TextsParts {
  readonly questions: Questions
  readonly keys: StoreKeys
  readonly segments: Pick<RetiredSegments, 'text'>
  readonly clock: Pick<Clock, 'monotonic'>
}

function textsOver(parts: TextsParts) {
  const { clock } = parts
  const puts = batchedQuery({ ask: putAll, most: TOGETHER, clock })
  const gets = batchedQuery({ ask: bytesOf, most: TOGETHER, clock })
  const marks = batchedRows<ArtefactRef, { readonly mark: string | null }>(parts, MARKS, MARKS_TOGETHER)

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

  async function markOf(ref: ArtefactRef): Promise<string | undefined> {
    return (await marks.ask(ref)).mark ?? undefined
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

  return { put, get, markOf, settled }
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

export type PostgresStore = ReturnType<typeof postgresStore>

/** The store in a PostgreSQL database, as one process has it open. Made by `openPostgresStore`. */
export function postgresStore(parts: PostgresStoreParts) {
  const { questions, origin, keys, presentKey, session, worker, clock, tail, audit, segments, quarantineSeconds } =
    parts
  const readers = readersOver(postgresRecordRows(questions, clock), parts, (reader) => presentKey.of(reader))
  const { reading } = readers
  const lookups = asksOnce(readers.lookups, clock)
  const announcing = writeAnnouncer(questions, clock)
  const texts = textsOver(parts)
  const fences = fencesOver(parts)
  const read = (execution: string, types?: TypesRead): Promise<readonly JournalEvent[]> =>
    reading.eventsOf(execution, types)
  const lastSeen = lastSeenState({ session, origin, keys, read, freezes: () => lookups.freezeRecords() })
  const appends = appendQueue({
    ...parts,
    me: worker.begin,
    during: worker.during,
    lastSeen,
    died: worker.died,
    wrote: announcing.wrote,
  })

  const as = (actor: Actor): Journal => ({
    append: async (execution, events, after, again) => {
      await parts.admit()
      const at = new Date(clock.now()).toISOString()
      const leaseAt = new Date(parts.serverNow()).toISOString()
      const request = requestOf(events, { actor, at, leaseAt, execution, scrub: parts.scrub, after })
      if (events.length === 0) return []
      if (execution !== undefined && reading.isRetired(execution)) throw retiredError(execution)
      const written = await unlessForged({ read }, execution, () => appends.add(request, again))
      audit.heedAppend(written)
      return written
    },
    read,
  })

  const tokenOf = (execution: string): number | undefined => lastSeen.executions.get(execution)?.token
  const isOther = (owner: string | null = worker.id) => owner !== null && owner !== worker.id

  const fence = async (execution: string, device: string): Promise<Fence> => {
    // Before it is asked: what this process writes to other switches of the execution meanwhile is its own.
    const written = lastSeen.written.get(execution)
    const answer = await fences.ask({ execution, device })
    const { isAlive, execution: present, lease, asked, longest, term } = answer
    if (!isAlive) throw declaredDead()
    if (written !== undefined && (present?.last ?? 0) < written) throw missingError('store', tail.missing)
    const isTaken = present?.token !== tokenOf(execution) || isOther(present?.worker)
    if (written !== undefined && isTaken) throw await elsewhereOrForged({ read }, execution)
    const held = lastSeen.tokens.get(execution)?.get(`${execution} ${device}`)
    if (held !== undefined) requireToken(lease === null ? undefined : leaseIn(lease), held, { execution, device })
    return fenceOf(device, asked, () => clock.monotonic(), { longest, term })
  }

  return {
    ...lookups,
    ...readers.executions,
    read,
    as,
    fence,
    tokenOf,
    audit,
    quarantineSeconds,
    id: origin,
    put: texts.put,
    get: texts.get,
    markOf: texts.markOf,
    leaseOf: fences.leaseOf,

    get retirement(): Retirement {
      return retirementOver({ ...parts, reading })
    },

    get missing(): readonly MissingRecord[] {
      return tail.missing
    },

    liveLeases: (of: 'shares' | 'all') => fences.liveLeases(of, new Date(parts.serverNow()).toISOString()),

    verifyChain: async (): Promise<StoreHead> => {
      const { chains } = await readChains(questions, keys, segments.files)
      if (chains.fault !== undefined) throw new BrokenChainError(chains.fault)
      return lookups.head()
    },

    close: async (): Promise<void> => {
      await appends.settled()
      await announcing.settled()
      await texts.settled()
      await fences.settled()
      await audit.close()
      await worker.end()
      tail.close()
      await session.close()
      await questions.close()
    },
  }
}

import type { Clock } from '../../../model/clock.ts'
import { type SigningKey, signingKeyOf } from '../../../model/ed25519.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Delivery, Excerpt, ExcerptSelection, StoredCheckpoint } from '../audit/audit-trail.ts'
import {
  type ChainHead,
  type ChainsCheckpoint,
  type CheckpointSigner,
  type CheckpointVerifier,
  checkpointDigest,
  checkpointSigner,
  headsOf,
  NO_CHECKPOINT,
  readChainsCheckpoint,
} from '../audit/chains-checkpoint.ts'
import { isDueAfterAppend, isDueByDay, MOST_RECORDS } from '../audit/checkpoint-time.ts'
import {
  chainsCheckpointLine,
  chainsHeaderLine,
  digestLine,
  excerptHeaderLine,
  type LinkedLine,
  linkedLine,
  segmentSealLine,
} from '../audit/jsonl-chains.ts'
import { readNote } from '../audit/signed-note.ts'
import { chainWords, type WalkPoint } from '../audit/walked-chains.ts'
import type { JournalEvent } from '../event/event.ts'
import { parseEvent } from '../event/record-text.ts'
import { BrokenChainError, type ChainRow, isHashed, linkGenesis, REGISTER_CHAIN, sameBytes } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { type FoundRow, inOrder } from './chain-rows.ts'
import {
  type CheckpointRow,
  checkpointText,
  provenNewest,
  type ReadCheckpoint,
  type Records,
  type RecordView,
} from './records.ts'
import type { RetiredSegments } from './retired-segments.ts'
import { verifiedHead } from './seal.ts'
import { headsOfCheckpoint, placesOf, spokenIn } from './spoken-heads.ts'

// Records between two positions, both included, and how many at most.
interface Wanted {
  readonly from: number
  readonly through: number
  readonly limit: number
}

// Of records that come quickly one checkpoint is signed in so many milliseconds: each reads the heads of all open executions.
const GAP = 1_000

const TRIES = 5

const TRIES_OVER = 100

/** Gives the key that signs the checkpoints, by the newest one until now; undefined: none is signed. */
export type CheckpointKey = (newest: StoredCheckpoint | undefined) => SigningKey | undefined

interface OpenedTrail {
  readonly records: Records
  readonly origin: string
  readonly clock: Clock
  readonly segments: RetiredSegments
  readonly keys: StoreKeys
  readonly checkpointKey: CheckpointKey | undefined
  readonly asked?: (checkpoints: Checkpoints) => Checkpoints
}

export type ChainsAuditTrail = Awaited<ReturnType<typeof openAuditTrail>>

export async function openAuditTrail(opened: OpenedTrail) {
  const { records, keys, checkpointKey, asked = (checkpoints) => checkpoints } = opened
  // A key takes longer to make than the rest of the opening.
  const derived = () => signingKeyOf(keys.checkpoint)
  const newest = await records.now.newestCheckpoint()
  const signs = checkpointKey === undefined ? derived() : checkpointKey(newest)
  const signer = signs && checkpointSigner(signs)
  const checkpoints = asked(new Checkpoints({ ...opened, signer }))
  return auditTrailOver(opened, checkpoints, signer ?? checkpointSigner(derived()))
}

function auditTrailOver(
  { records, origin, clock, segments }: OpenedTrail,
  checkpoints: Checkpoints,
  key: Pick<CheckpointVerifier, 'pem' | 'line'>,
) {
  let written = 0
  let since = 0
  let began = Number.NEGATIVE_INFINITY
  let under: Promise<void> | undefined

  const now = () => new Date(clock.now()).toISOString()

  const newestCheckpoint = async (): Promise<StoredCheckpoint | undefined> => records.now.newestCheckpoint()

  const sign = async () => {
    since = 0
    began = clock.monotonic()
    for (let tries = 0; tries < TRIES; tries += 1) if (await checkpoints.sign(now())) return
  }

  const rowsBetween = async (view: RecordView, { from, through, limit }: Wanted): Promise<readonly FoundRow[]> => {
    const here = await view.rowsBetween(from, through, limit)
    const end = here.length === limit ? (here.at(-1)?.row.pos ?? through) : through
    const left = await segments.between(from, end, limit)
    if (left.length === 0) return here
    // Of an execution that has left the segment has every row, also those that are still here.
    const merged = new Map<number, FoundRow>(here.map((found) => [found.row.pos, found]))
    for (const { chain, row } of left) merged.set(row.pos, { chain, row, isMirror: false, before: row.prev })
    return [...merged.values()].toSorted(inOrder).slice(0, limit)
  }

  const requireLinked = ({ chain, row, before }: FoundRow) => {
    const prev = row.n === 1 ? linkGenesis(origin, chain).hash : before
    const of = chainWords(chain)
    const reason =
      prev === undefined
        ? `record ${row.n - 1} of ${of} is missing`
        : !isHashed(row)
          ? `record ${row.n} of ${of} was altered`
          : sameBytes(row.prev, prev)
            ? undefined
            : `record ${row.n} of ${of} does not follow the one before it`
    if (reason !== undefined) throw new BrokenChainError({ seq: row.pos, reason })
  }

  return {
    origin,
    key,
    newestCheckpoint,

    checkpoints: async (after: number): Promise<readonly StoredCheckpoint[]> => records.now.checkpointsBehind(after),

    checkpoint: async (): Promise<void> => {
      if (written > 0) await sign()
    },

    checkpointInTime: async (): Promise<void> => {
      const newest = await newestCheckpoint()
      if (written > 0 && isDueAfterAppend(newest, written, now())) await sign()
    },

    checkpointDaily: async (): Promise<void> => {
      if (isDueByDay(await newestCheckpoint(), now())) await checkpoints.sign(now(), { isDaily: true })
    },

    heedAppend: (events: readonly JournalEvent[]): void => {
      written = Math.max(written, events.at(-1)?.seq ?? 0)
      since += events.length
      const ended = events.some(({ type }) => type === 'ExecutionEnded')
      const isSoon = clock.monotonic() - began < GAP
      if (!ended && (since < MOST_RECORDS || isSoon)) return
      since = 0
      under ??= sign()
        .catch(() => undefined)
        .finally(() => {
          under = undefined
        })
    },

    close: async (): Promise<void> => {
      await under
    },

    linesOver: async (executions: readonly string[]): Promise<string> => {
      for (let tries = 0; tries < TRIES_OVER; tries += 1) {
        const signed = await checkpoints.signOver(executions, now())
        if (signed === undefined) continue
        const { checkpoint, seal } = signed
        return chainsCheckpointLine(checkpoint.note, checkpoint.heads) + segmentSealLine(seal.note, seal.heads)
      }
      throw new EosflowError('busy', 'other processes sign checkpoints all the time', { retryable: true })
    },

    records: async (from: number, limit: number): Promise<readonly ChainRow[]> => {
      const through = await records.now.horizon()
      const rows = await rowsBetween(records.now, { from, through, limit })
      for (const row of rows) requireLinked(row)
      return rows.map(({ row: { pos, body, prev, hash } }) => ({ seq: pos, body, prev, hash }))
    },

    // Each batch says first where its chains go on, so that it can be verified wherever it ends up; checkpoints are behind their records.
    jsonLines: async (rows: readonly ChainRow[]): Promise<string> => {
      const [first, last] = [rows[0], rows.at(-1)]
      if (first === undefined || last === undefined) return ''
      return records.view(async (view) => {
        const driven = await rowsBetween(view, { from: first.seq, through: last.seq, limit: rows.length })
        const lines = await withMirrors(view, driven, first.seq, last.seq)
        const starts = await startsOf(view, segments, lines)
        const notes: string[] = []
        for (const { note, heads } of await view.checkpointsBetween(first.seq - 1, last.seq))
          notes.push(chainsCheckpointLine(note, await headsOfCheckpoint(view, { origin, heads, segments })))
        return [chainsHeaderLine(origin, first.seq - 1, starts), ...lines.map(linkedLine), ...notes].join('')
      })
    },

    excerpt: (execution: string, wanted: ExcerptSelection): Promise<Excerpt | undefined> =>
      records.view((view) => chainsExcerpt({ view, origin, segments }, execution, wanted)),

    delivery: async (receiver: string): Promise<Delivery | undefined> => records.now.delivery(receiver),

    delivered: async (receiver: string, position: number, fault?: string): Promise<void> => {
      await records.putDelivery({ receiver, position, at: now(), fault })
    },
  }
}

async function withMirrors(view: RecordView, driven: readonly FoundRow[], from: number, through: number) {
  // By the executions: no index has mirrors by their position. One of an execution that is not here leaves a gap in the register, or is behind what was found.
  const executions = new Set(driven.flatMap(({ chain }) => (chain === REGISTER_CHAIN ? [] : [chain])))
  const found = [...driven, ...(await view.mirrorsBetween(from, through, [...executions]))]
  const numbers = found.flatMap(({ chain, row }) => (chain === REGISTER_CHAIN ? [row.n] : []))
  const newest = numbers.length === 0 ? undefined : Math.max(...numbers)
  return [...found, ...(await view.mirrorsBehind(newest, from, through))].toSorted(inOrder)
}

async function startsOf(
  view: RecordView,
  segments: RetiredSegments,
  lines: readonly LinkedLine[],
): Promise<Readonly<Record<string, WalkPoint>>> {
  const first = [...new Map(lines.toReversed().map((line) => [line.chain, line])).values()]
  const begun = first.filter(({ row }) => row.n > 1)
  const places = await placesOf(
    view,
    segments,
    begun.map(({ chain, row }) => [chain, row.n - 1]),
  )
  return Object.fromEntries(
    begun.map(({ chain, row }, index) => [
      chain,
      { n: row.n - 1, hash: row.prev, positions: places[index]?.positions ?? [] },
    ]),
  )
}

interface ExcerptParts {
  readonly view: RecordView
  readonly origin: string
  readonly segments: RetiredSegments
}

async function chainsExcerpt(
  { view, origin, segments }: ExcerptParts,
  execution: string,
  wanted: ExcerptSelection,
): Promise<Excerpt | undefined> {
  const checkpoint = await view.checkpointOver(execution)
  const through = readChainsCheckpoint(readNote(checkpoint?.note ?? '')?.text ?? '')?.register.n
  if (checkpoint === undefined || through === undefined) return undefined
  const found = await view.registerAbout(wanted.words, through)
  const register = found.map((row) => ({ chain: REGISTER_CHAIN, row, isMirror: row.mirror !== null }))
  await segments.records()
  const left = await segments.rowsIfLeft(execution)
  const rows = left.length > 0 ? left : await view.rowsOf(execution)
  const heads = await headsOfCheckpoint(view, { origin, heads: checkpoint.heads, segments })
  const { [REGISTER_CHAIN]: start = { ...linkGenesis(origin, REGISTER_CHAIN), positions: [] } } = await startsOf(
    view,
    segments,
    register,
  )
  const lines = [
    excerptHeaderLine(origin, start),
    ...rows.map((row) => linkedLine({ chain: execution, row, isMirror: false })),
    ...register.map((line) => {
      const isOwn = line.isMirror ? line.row.execution === execution : wanted.isWanted(parseEvent(line.row.body))
      return isOwn ? linkedLine(line) : digestLine(line)
    }),
    chainsCheckpointLine(checkpoint.note, heads),
  ]
  return { v: 2, origin, lines: lines.map((line) => line.trimEnd()), checkpoint: checkpoint.note }
}

export interface CheckpointsParts {
  readonly records: Records
  readonly origin: string
  readonly keys: StoreKeys
  /** Undefined where nothing is signed: the key that has signed until now is not at hand. */
  readonly signer: CheckpointSigner | undefined
}

interface Moment {
  readonly checkpoint: ChainsCheckpoint
  readonly heads: readonly ChainHead[]
}

export interface NoteOverHeads {
  readonly note: string
  readonly heads: readonly ChainHead[]
}

export class Checkpoints {
  readonly #parts: CheckpointsParts

  constructor(parts: CheckpointsParts) {
    this.#parts = parts
  }

  get signs(): boolean {
    return this.#parts.signer !== undefined
  }

  /** Signs what is there now, at a time, ISO 8601 in UTC. Without `isDaily` nothing is signed where nothing was written since the newest one. */
  async sign(at: string, { isDaily = false } = {}): Promise<boolean> {
    if (!this.signs) return true
    const moment = await this.#parts.records.view(async (view) => {
      const newest = await this.#newestIn(view)
      const hasNew = newest?.said.seq !== (await view.newestPosition())
      return hasNew || isDaily ? this.#momentIn(view, newest, []) : undefined
    })
    return moment === undefined || (await this.#put(moment, at)) !== undefined
  }

  /** Throws `store` where nothing is signed here. */
  async signOver(
    executions: readonly string[],
    at: string,
  ): Promise<{ readonly checkpoint: NoteOverHeads; readonly seal: NoteOverHeads } | undefined> {
    const { signer, origin, records } = this.#parts
    const moment = await records.view(async (view) => this.#momentIn(view, await this.#newestIn(view), executions))
    const note = await this.#put(moment, at)
    if (note === undefined || signer === undefined) return undefined
    const own = moment.heads.filter(({ chain }) => executions.includes(chain))
    const seal = signer.signSegment({ origin, executions: headsOf(own), seq: moment.checkpoint.seq }, at)
    return { checkpoint: { note, heads: moment.heads }, seal: { note: seal.note, heads: own } }
  }

  async #put({ checkpoint, heads }: Moment, at: string): Promise<string | undefined> {
    const { signer, records, keys, origin } = this.#parts
    if (signer === undefined) throw new EosflowError('store', 'no checkpoint is signed here: its key is not at hand')
    const { note } = signer.signChains(checkpoint, at)
    const named = JSON.stringify(Object.fromEntries(heads.map(({ chain, n }) => [chain, n])))
    const { number, seq } = checkpoint
    const key = keys.check
    const seal = keys.seal(checkpointText(origin, number, checkpointDigest(checkpoint)))
    const isKept = await records.putCheckpoint({ key, id: number, seq, at, note, heads: named, seal })
    return isKept ? note : undefined
  }

  #newestIn(view: RecordView): Promise<ReadCheckpoint | undefined> {
    const { origin, keys } = this.#parts
    return provenNewest(view, { origin, keys })
  }

  async #momentIn(view: RecordView, newest: ReadCheckpoint | undefined, also: readonly string[]): Promise<Moment> {
    const { origin, keys } = this.#parts
    const before = newest?.said
    const register = await view.registerEnd()
    // What an execution has ended with is in one checkpoint at least.
    const executions = await view.executionEnds(before?.register.n ?? 0, also)
    const ends = register === undefined ? executions : [register, ...executions]
    // Nothing is signed that was not sealed by whoever has the key, and is not there.
    const heads = ends.map((end) => verifiedHead(keys, origin, end))
    requireNoneShorter(newest?.row, heads)
    const [{ n, hash } = { n: 0, hash: new Uint8Array(32) }] = heads
    const checkpoint: ChainsCheckpoint = {
      origin,
      number: (before?.number ?? 0) + 1,
      before: before === undefined ? NO_CHECKPOINT : checkpointDigest(before),
      register: { n, hash },
      heads: headsOf(heads),
      seq: await view.newestPosition(),
    }
    return { checkpoint, heads }
  }
}

// A chain never becomes shorter: an older sealed head that is put back is found before anything is signed over it.
function requireNoneShorter(newest: CheckpointRow | undefined, heads: readonly ChainHead[]) {
  if (newest === undefined) return
  const before = new Map(spokenIn(newest.heads))
  const shorter = heads.find(({ chain, n }) => n < (before.get(chain) ?? 0))
  if (shorter === undefined) return
  const { chain, n } = shorter
  const reason = `record ${n + 1} of ${chainWords(chain)} is missing: checkpoint ${newest.id} speaks of ${before.get(chain)} records`
  throw new BrokenChainError({ seq: newest.seq, reason })
}

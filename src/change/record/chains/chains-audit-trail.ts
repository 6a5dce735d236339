import type { Clock } from '../../../model/clock.ts'
import { type SigningKey, signingKeyOf } from '../../../model/ed25519.ts'
import { EosflowError } from '../../../model/error.ts'
import type { AuditTrail, Delivery, StoredCheckpoint } from '../audit/audit-trail.ts'
import { chainWords, type WalkPoint } from '../audit/chain-walk.ts'
import { readChainsCheckpoint } from '../audit/chains-checkpoint.ts'
import { type CheckpointVerifier, checkpointSigner } from '../audit/checkpoint-key.ts'
import { isDueAfterAppend, isDueByDay, MOST_RECORDS } from '../audit/checkpoint-time.ts'
import type { Excerpt, ExcerptSelection } from '../audit/excerpt.ts'
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
import type { JournalEvent } from '../event/event.ts'
import { parseEvent } from '../event/parse-event.ts'
import { BrokenChainError, type ChainRow, sameBytes } from '../seal/chain.ts'
import { isHashed, linkGenesis, REGISTER_CHAIN } from '../seal/link.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { type FoundRegisterRow, type FoundRow, inOrder } from './chain-rows.ts'
import { Checkpoints } from './checkpoints.ts'
import type { Records, RecordView } from './records.ts'
import type { RetiredSegments } from './retired-segments.ts'
import { headsOfCheckpoint, placesOf } from './spoken-heads.ts'

export interface ChainsAuditTrailParts {
  readonly records: Records
  readonly origin: string
  readonly clock: Clock
  readonly key: Pick<CheckpointVerifier, 'pem' | 'line'>
  readonly checkpoints: Checkpoints
  readonly segments: RetiredSegments
}

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

interface OpenedTrail extends Omit<ChainsAuditTrailParts, 'key' | 'checkpoints'> {
  readonly keys: StoreKeys
  readonly checkpointKey: CheckpointKey | undefined
  readonly asked?: (checkpoints: Checkpoints) => Checkpoints
}

export async function openAuditTrail(opened: OpenedTrail): Promise<ChainsAuditTrail> {
  const { records, keys, checkpointKey, asked = (checkpoints) => checkpoints } = opened
  // A key takes longer to make than the rest of the opening.
  const derived = () => signingKeyOf(keys.checkpoint)
  const newest = await records.now.newestCheckpoint()
  const signs = checkpointKey === undefined ? derived() : checkpointKey(newest)
  const signer = signs && checkpointSigner(signs)
  const checkpoints = asked(new Checkpoints({ ...opened, signer }))
  return new ChainsAuditTrail({ ...opened, checkpoints, key: signer ?? checkpointSigner(derived()) })
}

export class ChainsAuditTrail implements AuditTrail {
  readonly #parts: ChainsAuditTrailParts
  #written = 0
  #since = 0
  #began = Number.NEGATIVE_INFINITY
  #under: Promise<void> | undefined

  constructor(parts: ChainsAuditTrailParts) {
    this.#parts = parts
  }

  get origin(): string {
    return this.#parts.origin
  }

  get key(): Pick<CheckpointVerifier, 'pem' | 'line'> {
    return this.#parts.key
  }

  async checkpoints(after: number): Promise<readonly StoredCheckpoint[]> {
    return this.#parts.records.now.checkpointsBehind(after)
  }

  async newestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return this.#parts.records.now.newestCheckpoint()
  }

  async checkpoint(): Promise<void> {
    if (this.#written > 0) await this.#sign()
  }

  async checkpointInTime(): Promise<void> {
    const newest = await this.newestCheckpoint()
    if (this.#written > 0 && isDueAfterAppend(newest, this.#written, this.#now())) await this.#sign()
  }

  async checkpointDaily(): Promise<void> {
    if (isDueByDay(await this.newestCheckpoint(), this.#now()))
      await this.#parts.checkpoints.sign(this.#now(), { isDaily: true })
  }

  heedAppend(events: readonly JournalEvent[]): void {
    this.#written = Math.max(this.#written, events.at(-1)?.seq ?? 0)
    this.#since += events.length
    const ended = events.some(({ type }) => type === 'ExecutionEnded')
    const isSoon = this.#parts.clock.monotonic() - this.#began < GAP
    if (!ended && (this.#since < MOST_RECORDS || isSoon)) return
    this.#since = 0
    this.#under ??= this.#sign()
      .catch(() => undefined)
      .finally(() => {
        this.#under = undefined
      })
  }

  async close(): Promise<void> {
    await this.#under
  }

  async #sign(): Promise<void> {
    this.#since = 0
    this.#began = this.#parts.clock.monotonic()
    for (let tries = 0; tries < TRIES; tries += 1) if (await this.#parts.checkpoints.sign(this.#now())) return
  }

  async linesOver(executions: readonly string[]): Promise<string> {
    for (let tries = 0; tries < TRIES_OVER; tries += 1) {
      const signed = await this.#parts.checkpoints.signOver(executions, this.#now())
      if (signed === undefined) continue
      const { checkpoint, seal } = signed
      return chainsCheckpointLine(checkpoint.note, checkpoint.heads) + segmentSealLine(seal.note, seal.heads)
    }
    throw new EosflowError('busy', 'other processes sign checkpoints all the time', { retryable: true })
  }

  async records(from: number, limit: number): Promise<readonly ChainRow[]> {
    const { now } = this.#parts.records
    const through = await now.horizon()
    const rows = await this.#rowsBetween(now, { from, through, limit })
    for (const row of rows) this.#requireLinked(row)
    return rows.map(({ row: { pos, body, prev, hash } }) => ({ seq: pos, body, prev, hash }))
  }

  /** Each batch says first where its chains go on, so that it can be verified wherever it ends up; checkpoints are behind their records. */
  async jsonLines(rows: readonly ChainRow[]): Promise<string> {
    const [first, last] = [rows[0], rows.at(-1)]
    if (first === undefined || last === undefined) return ''
    const { records, origin, segments } = this.#parts
    return records.view(async (view) => {
      const driven = await this.#rowsBetween(view, { from: first.seq, through: last.seq, limit: rows.length })
      const lines = await withMirrors(view, driven, first.seq, last.seq)
      const begun = firstOfEach(lines).filter(({ row }) => row.n > 1)
      const before = begun.map(({ chain, row }) => [chain, row.n - 1] as const)
      const places = await placesOf(view, segments, before)
      const starts = Object.fromEntries(
        begun.map(({ chain, row }, index): [string, WalkPoint] => [
          chain,
          { n: row.n - 1, hash: row.prev, positions: places[index]?.positions ?? [] },
        ]),
      )
      const notes: string[] = []
      for (const { note, heads } of await view.checkpointsBetween(first.seq - 1, last.seq))
        notes.push(chainsCheckpointLine(note, await headsOfCheckpoint(view, { origin, heads, segments })))
      return [chainsHeaderLine(origin, first.seq - 1, starts), ...lines.map(linkedLine), ...notes].join('')
    })
  }

  async #rowsBetween(view: RecordView, { from, through, limit }: Wanted): Promise<readonly FoundRow[]> {
    const here = await view.rowsBetween(from, through, limit)
    const end = here.length === limit ? (here.at(-1)?.row.pos ?? through) : through
    const left = await this.#parts.segments.between(from, end, limit)
    if (left.length === 0) return here
    // Of an execution that has left the segment has every row, also those that are still here.
    const merged = new Map<number, FoundRow>(here.map((found) => [found.row.pos, found]))
    for (const { chain, row } of left) merged.set(row.pos, { chain, row, isMirror: false, before: row.prev })
    return [...merged.values()].toSorted(inOrder).slice(0, limit)
  }

  excerpt(execution: string, wanted: ExcerptSelection): Promise<Excerpt | undefined> {
    const { records, origin, segments } = this.#parts
    return records.view((view) => chainsExcerpt({ view, origin, segments }, execution, wanted))
  }

  async delivery(receiver: string): Promise<Delivery | undefined> {
    return this.#parts.records.now.delivery(receiver)
  }

  async delivered(receiver: string, position: number, fault?: string): Promise<void> {
    await this.#parts.records.putDelivery({ receiver, position, at: this.#now(), fault })
  }

  #requireLinked({ chain, row, before }: FoundRow): void {
    const prev = row.n === 1 ? linkGenesis(this.#parts.origin, chain).hash : before
    const which = `record ${row.n} of ${chainWords(chain)}`
    if (prev === undefined)
      throw new BrokenChainError({ seq: row.pos, reason: `record ${row.n - 1} of ${chainWords(chain)} is missing` })
    if (!isHashed(row)) throw new BrokenChainError({ seq: row.pos, reason: `${which} was altered` })
    if (!sameBytes(row.prev, prev))
      throw new BrokenChainError({ seq: row.pos, reason: `${which} does not follow the one before it` })
  }

  #now(): string {
    return new Date(this.#parts.clock.now()).toISOString()
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

function firstOfEach(lines: readonly LinkedLine[]) {
  return [...new Map(lines.toReversed().map((line) => [line.chain, line])).values()]
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
  const register = await view.registerAbout(wanted.words, through)
  await segments.records()
  const left = await segments.rowsIfLeft(execution)
  const rows = left.length > 0 ? left : await view.rowsOf(execution)
  const heads = await headsOfCheckpoint(view, { origin, heads: checkpoint.heads, segments })
  const [first] = register
  const start =
    first === undefined || first.n === 1
      ? { ...linkGenesis(origin, REGISTER_CHAIN), positions: [] }
      : {
          n: first.n - 1,
          hash: first.prev,
          positions: (await view.placesAt([[REGISTER_CHAIN, first.n - 1]]))[0]?.positions ?? [],
        }
  const lines = [
    excerptHeaderLine(origin, start),
    ...rows.map((row) => linkedLine({ chain: execution, row, isMirror: false })),
    ...register.map((row) => registerLine(row, execution, wanted)),
    chainsCheckpointLine(checkpoint.note, heads),
  ]
  return { v: 2, origin, lines: lines.map((line) => line.trimEnd()), checkpoint: checkpoint.note }
}

function registerLine(row: FoundRegisterRow, execution: string, wanted: ExcerptSelection) {
  const line = { chain: REGISTER_CHAIN, row, isMirror: row.mirror !== null }
  const isOwn = line.isMirror ? row.execution === execution : wanted.isWanted(parseEvent(row.body))
  return isOwn ? linkedLine(line) : digestLine(line)
}

import { hash as digestOf } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import { readChainsLine } from '../audit/jsonl-chains.ts'
import type { EventOf } from '../event/event.ts'
import { ofType } from '../event/of-type.ts'
import { parseEvent } from '../event/parse-event.ts'
import { BrokenChainError } from '../seal/chain.ts'
import { type LinkRow, linkGenesis } from '../seal/link.ts'
import { MissingSegmentError } from '../seal/missing-segment.ts'
import type { RecordView } from './records.ts'

// From which byte of a file to which.
type Span = readonly [from: number, to: number]

interface Place {
  readonly chain: string
  readonly n: number
  readonly pos: number
}

export interface SegmentRow {
  readonly chain: string
  readonly row: LinkRow
}

const LINE_END = 10
const BEGINNING = 200
const ROW = /^\{"chain":"([^"]+)","n":(\d+),"pos":(\d+),/
const TEXT = /^\{"text":"(blob:[0-9a-f]{64})",/

/** The file of a segment, as bytes, with where in it everything is. */
export class SegmentFile {
  readonly #bytes: Uint8Array
  readonly #origin: string
  readonly #executions = new Map<string, Span[]>()
  readonly #places: Place[] = []
  readonly #texts = new Map<string, Span>()

  constructor(origin: string, bytes: Uint8Array) {
    this.#bytes = bytes
    this.#origin = origin
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(LINE_END, from)
      const to = end === -1 ? bytes.length : end
      this.#take([from, to])
      from = to + 1
    }
    this.#places.sort((one, other) => one.pos - other.pos)
  }

  rowsOf(execution: string): readonly LinkRow[] {
    let { hash: prev } = linkGenesis(this.#origin, execution)
    const rows: LinkRow[] = []
    for (const span of this.#executions.get(execution) ?? []) {
      const read = readChainsLine(this.#line(span), () => prev)
      if (read?.is !== 'row') return rows
      rows.push(read.row)
      prev = read.row.hash
    }
    return rows
  }

  /** Rows between two positions, both included, in order; at most `limit`. */
  rowsBetween(from: number, through: number, limit: number): readonly SegmentRow[] {
    const places = this.#places.filter(({ pos }) => pos >= from && pos <= through).slice(0, limit)
    const chains = new Map(places.map(({ chain }) => [chain, this.rowsOf(chain)]))
    return places.flatMap(({ chain, n }) => {
      const row = chains.get(chain)?.[n - 1]
      return row === undefined ? [] : [{ chain, row }]
    })
  }

  text(ref: string): Uint8Array | undefined {
    const span = this.#texts.get(ref)
    const read = span === undefined ? undefined : readChainsLine(this.#line(span), () => new Uint8Array(32))
    return read?.is === 'text' ? read.bytes : undefined
  }

  #take(span: Span): void {
    const [from, to] = span
    const begins = this.#line([from, Math.min(to, from + BEGINNING)])
    const [, chain, n, pos] = ROW.exec(begins) ?? []
    if (chain !== undefined) {
      const spans = this.#executions.get(chain) ?? []
      spans.push(span)
      this.#executions.set(chain, spans)
      this.#places.push({ chain, n: Number(n), pos: Number(pos) })
      return
    }
    const ref = TEXT.exec(begins)?.[1]
    if (ref !== undefined) this.#texts.set(ref, span)
  }

  #line([from, to]: Span): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from, to - from).toString()
  }
}

export type SegmentRecord = EventOf<'SegmentRetired'>

export interface SegmentFiles {
  path(file: string): string
  bytes(file: string): Uint8Array | undefined
}

export const noSegmentFiles: SegmentFiles = { path: (file) => file, bytes: () => undefined }

export async function segmentRecords(rows: Pick<RecordView, 'segments'>): Promise<readonly SegmentRecord[]> {
  return ofType(
    'SegmentRetired',
    (await rows.segments()).map(({ pos, body }) => ({ ...parseEvent(body), seq: pos })),
  )
}

/** A file is the one that is on record, by its digest; more proves them elsewhere: their executions are sealed in the store, and each row is linked to the one before it. Throws MissingSegmentError for a file that is not at hand. */
export class RetiredSegments {
  readonly #origin: string
  readonly #rows: Pick<RecordView, 'segments' | 'newestSegment'>
  readonly files: SegmentFiles
  #known: readonly SegmentRecord[] = []
  #open: { readonly file: string; readonly segment: SegmentFile } | undefined

  constructor(rows: Pick<RecordView, 'segments' | 'newestSegment'>, origin: string, files: SegmentFiles) {
    this.#rows = rows
    this.#origin = origin
    this.files = files
  }

  async rowsOf(execution: string): Promise<readonly LinkRow[]> {
    const record = (await this.records()).find(({ executions }) => Object.hasOwn(executions, execution))
    if (record === undefined)
      throw new BrokenChainError({ seq: 0, reason: `no record says that execution ${execution} has left the store` })
    return this.#segment(record).rowsOf(execution)
  }

  async rowsIfLeft(execution: string): Promise<readonly LinkRow[]> {
    const record = this.#known.find(({ executions }) => Object.hasOwn(executions, execution))
    return record === undefined ? [] : this.#segment(record).rowsOf(execution)
  }

  /** Rows that have left, between two positions, both included, in order; at most `limit`. */
  async between(from: number, through: number, limit: number): Promise<readonly SegmentRow[]> {
    const touched = (await this.records()).filter(({ first, last }) => first <= through && last >= from)
    return touched
      .flatMap((record) => this.#segment(record).rowsBetween(from, through, limit))
      .sort((one, other) => one.row.pos - other.row.pos)
      .slice(0, limit)
  }

  async text(ref: string): Promise<Uint8Array | undefined> {
    let missing: unknown
    for (const record of (await this.records()).toReversed()) {
      try {
        const found = this.#segment(record).text(ref)
        if (found !== undefined) return found
      } catch (thrown) {
        missing ??= thrown
      }
    }
    if (missing !== undefined) throw missing
    return undefined
  }

  async records(): Promise<readonly SegmentRecord[]> {
    const isKnown = (await this.#rows.newestSegment()) === (this.#known.at(-1)?.seq ?? 0)
    if (!isKnown) this.#known = await segmentRecords(this.#rows)
    return this.#known
  }

  #segment(record: SegmentRecord): SegmentFile {
    const { file } = record
    if (this.#open?.file !== file) {
      const bytes = this.files.bytes(file)
      if (bytes === undefined) throw new MissingSegmentError(this.files.path(file), record)
      requireOnRecord(record, bytes)
      this.#open = { file, segment: new SegmentFile(this.#origin, bytes) }
    }
    return this.#open.segment
  }
}

// Throws BrokenChainError for a file that is not the one of which the record speaks: nothing of it is given to anybody.
function requireOnRecord({ file, first, digest }: SegmentRecord, bytes: Uint8Array) {
  if (digestOf('sha256', bytes, 'base64') !== digest)
    throw new BrokenChainError({
      seq: first,
      reason: `the segment ${file} was altered: it is not the one that is on record`,
    })
}

/** What is refused about an execution whose records have left the store: nothing follows them (docs/adr/0085). */
export function retiredError(execution: string): EosflowError {
  return new EosflowError(
    'refused',
    `the records of execution ${execution} have left the store: it is not gone on with`,
    {
      hint: 'Begin a new one.',
    },
  )
}

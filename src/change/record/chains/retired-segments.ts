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

export type SegmentFile = ReturnType<typeof segmentFile>

/** The file of a segment, as bytes, with where in it everything is. */
export function segmentFile(origin: string, bytes: Uint8Array) {
  const executions = new Map<string, Span[]>()
  const allPlaces: Place[] = []
  const texts = new Map<string, Span>()

  function rowsOf(execution: string): readonly LinkRow[] {
    let { hash: prev } = linkGenesis(origin, execution)
    const rows: LinkRow[] = []
    for (const span of executions.get(execution) ?? []) {
      const read = readChainsLine(line(span), () => prev)
      if (read?.is !== 'row') return rows
      rows.push(read.row)
      prev = read.row.hash
    }
    return rows
  }

  /** Rows between two positions, both included, in order; at most `limit`. */
  function rowsBetween(from: number, through: number, limit: number): readonly SegmentRow[] {
    const places = allPlaces.filter(({ pos }) => pos >= from && pos <= through).slice(0, limit)
    const chains = new Map(places.map(({ chain }) => [chain, rowsOf(chain)]))
    return places.flatMap(({ chain, n }) => {
      const row = chains.get(chain)?.[n - 1]
      return row === undefined ? [] : [{ chain, row }]
    })
  }

  function text(ref: string): Uint8Array | undefined {
    const span = texts.get(ref)
    const read = span === undefined ? undefined : readChainsLine(line(span), () => new Uint8Array(32))
    return read?.is === 'text' ? read.bytes : undefined
  }

  function take(span: Span): void {
    const [from, to] = span
    const begins = line([from, Math.min(to, from + BEGINNING)])
    const [, chain, n, pos] = ROW.exec(begins) ?? []
    if (chain !== undefined) {
      const spans = executions.get(chain) ?? []
      spans.push(span)
      executions.set(chain, spans)
      allPlaces.push({ chain, n: Number(n), pos: Number(pos) })
      return
    }
    const ref = TEXT.exec(begins)?.[1]
    if (ref !== undefined) texts.set(ref, span)
  }

  function line([from, to]: Span): string {
    return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString()
  }

  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(LINE_END, from)
    const to = end === -1 ? bytes.length : end
    take([from, to])
    from = to + 1
  }
  allPlaces.sort((one, other) => one.pos - other.pos)
  return { rowsOf, rowsBetween, text }
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

export type RetiredSegments = ReturnType<typeof retiredSegments>

/** A file is the one that is on record, by its digest; more proves them elsewhere: their executions are sealed in the store, and each row is linked to the one before it. Throws MissingSegmentError for a file that is not at hand. */
export function retiredSegments(
  rows: Pick<RecordView, 'segments' | 'newestSegment'>,
  origin: string,
  files: SegmentFiles,
) {
  let known: readonly SegmentRecord[] = []
  let open: { readonly file: string; readonly segment: SegmentFile } | undefined

  async function rowsOf(execution: string): Promise<readonly LinkRow[]> {
    const record = (await records()).find(({ executions }) => Object.hasOwn(executions, execution))
    if (record === undefined)
      throw new BrokenChainError({ seq: 0, reason: `no record says that execution ${execution} has left the store` })
    return segment(record).rowsOf(execution)
  }

  async function rowsIfLeft(execution: string): Promise<readonly LinkRow[]> {
    const record = known.find(({ executions }) => Object.hasOwn(executions, execution))
    return record === undefined ? [] : segment(record).rowsOf(execution)
  }

  /** Rows that have left, between two positions, both included, in order; at most `limit`. */
  async function between(from: number, through: number, limit: number): Promise<readonly SegmentRow[]> {
    const touched = (await records()).filter(({ first, last }) => first <= through && last >= from)
    return touched
      .flatMap((record) => segment(record).rowsBetween(from, through, limit))
      .sort((one, other) => one.row.pos - other.row.pos)
      .slice(0, limit)
  }

  async function text(ref: string): Promise<Uint8Array | undefined> {
    let missing: unknown
    for (const record of (await records()).toReversed()) {
      try {
        const found = segment(record).text(ref)
        if (found !== undefined) return found
      } catch (thrown) {
        missing ??= thrown
      }
    }
    if (missing !== undefined) throw missing
    return undefined
  }

  async function records(): Promise<readonly SegmentRecord[]> {
    const isKnown = (await rows.newestSegment()) === (known.at(-1)?.seq ?? 0)
    if (!isKnown) known = await segmentRecords(rows)
    return known
  }

  function segment(record: SegmentRecord): SegmentFile {
    const { file } = record
    if (open?.file !== file) {
      const bytes = files.bytes(file)
      if (bytes === undefined) throw new MissingSegmentError(files.path(file), record)
      requireOnRecord(record, bytes)
      open = { file, segment: segmentFile(origin, bytes) }
    }
    return open.segment
  }

  return { files, rowsOf, rowsIfLeft, between, text, records }
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

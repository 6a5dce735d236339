import { hash as digestOf } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import type { EventOf } from '../event/event.ts'
import { ofType } from '../event/of-type.ts'
import { parseEvent } from '../event/parse-event.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { LinkRow } from '../seal/link.ts'
import { MissingSegmentError } from '../seal/missing-segment.ts'
import type { RecordView } from './records.ts'
import { SegmentFile, type SegmentRow } from './segment-file.ts'

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

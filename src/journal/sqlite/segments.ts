import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BrokenChainError, type ChainPoint, type ChainRow } from '../chain.ts'
import { SegmentFile, type SegmentRecord } from './segment-file.ts'

/** So many rows are read at once. */
const AT_ONCE = 1_000

/** Where the segments of a store are, and which there are by its record, in order. */
export interface SegmentsParts {
  readonly folder: string
  /** The genesis of the chain. */
  readonly start: ChainPoint
  /** The last record that is sealed: the point before the first one in the store itself. */
  readonly base: ChainPoint
  readonly records: () => readonly SegmentRecord[]
}

/**
 * The records of a store that are sealed in files beside it. A file is opened when somebody asks for a record in it. Which segments there
 * are cannot change while a store is open: sealing needs the store for itself.
 */
export class Segments {
  readonly #parts: SegmentsParts
  readonly #open = new Map<string, SegmentFile>()
  #records: readonly SegmentRecord[] | undefined

  constructor(parts: SegmentsParts) {
    this.#parts = parts
  }

  /** The point before the first record in the store itself: the genesis where nothing is sealed. */
  get base(): ChainPoint {
    return this.#parts.base
  }

  /** Every segment, in order. Throws BrokenChainError where they are not all that were sealed. */
  get records(): readonly SegmentRecord[] {
    this.#records ??= inOrder(this.#parts.records(), this.#parts.base)
    return this.#records
  }

  /** The sealed records of an execution, in order. Throws `store` where a segment is missing. */
  ofExecution(execution: string, { first, last }: Span): readonly ChainRow[] {
    return this.#between(first, last).flatMap((segment) => own(segment, segment.ofExecution(execution)))
  }

  /** The sealed records that name a plan, in order. Throws `store` where a segment is missing. */
  naming(plan: string, { first, last }: Span): readonly ChainRow[] {
    return this.#between(first, last).flatMap((segment) => own(segment, segment.naming(plan)))
  }

  /** Sealed records from a position on: of one segment, so there may be more behind them. */
  rows(from: number, limit: number): readonly ChainRow[] {
    const [segment] = this.#between(from, from)
    return segment === undefined ? [] : segment.rows(from, limit)
  }

  /** The point before a sealed record: in another segment it is on record, so that need not be at its place. */
  pointBefore(seq: number): ChainPoint | undefined {
    if (seq === 1) return this.#parts.start
    const before = this.records.find(({ last }) => last === seq - 1)
    return before === undefined ? this.row(seq - 1) : { seq: before.last, hash: Buffer.from(before.root, 'base64') }
  }

  /** A sealed record. */
  row(seq: number): ChainRow | undefined {
    return this.#between(seq, seq)[0]?.row(seq)
  }

  /** An encrypted text that is no longer in the store: of the newest segment that has it. Missing segments have none. */
  text(ref: string): Uint8Array | undefined {
    let missing: unknown
    for (const record of this.records.toReversed()) {
      try {
        const found = this.#file(record).text(ref)
        if (found !== undefined) return found
      } catch (thrown) {
        missing ??= thrown
      }
    }
    if (missing !== undefined) throw missing
    return undefined
  }

  /** All sealed records, in order. Throws `store` where a segment is missing. */
  *all(): Generator<ChainRow> {
    for (let next = 1; next <= this.#parts.base.seq; ) {
      const rows = this.rows(next, AT_ONCE)
      const last = rows.at(-1)
      if (last === undefined) throw new BrokenChainError({ seq: next, reason: 'the record is missing' })
      yield* rows
      next = last.seq + 1
    }
  }

  /** Every encrypted text of every segment: some of them are in several. */
  *texts(): Generator<{ readonly ref: string; readonly bytes: Uint8Array }> {
    for (const record of this.records) yield* this.#file(record).texts()
  }

  /** The first segment whose file is not at its place. */
  missing(): SegmentRecord | undefined {
    return this.records.find(({ file }) => !existsSync(join(this.#parts.folder, file)))
  }

  /** Verifies every sealed record, from the first one on. Throws BrokenChainError, and `store` where a segment is missing. */
  verify(): void {
    let before = this.#parts.start
    for (const record of this.records) {
      this.#file(record).verify(before)
      before = { seq: record.last, hash: Buffer.from(record.root, 'base64') }
    }
  }

  close(): void {
    for (const segment of this.#open.values()) segment.close()
    this.#open.clear()
  }

  #between(first: number, last: number): readonly SegmentFile[] {
    const touched = this.records.filter((one) => one.first <= last && one.last >= first)
    return touched.map((record) => this.#file(record))
  }

  #file(record: SegmentRecord): SegmentFile {
    const segment = this.#open.get(record.file) ?? new SegmentFile(this.#parts.folder, record)
    this.#open.set(record.file, segment)
    return segment
  }
}

/** From which record to which one. */
interface Span {
  readonly first: number
  readonly last: number
}

/** A file also has some of the records before its first one, and all behind its last one: they are not its own. */
function own({ record }: SegmentFile, rows: readonly ChainRow[]): readonly ChainRow[] {
  return rows.filter(({ seq }) => seq >= record.first && seq <= record.last)
}

function inOrder(records: readonly SegmentRecord[], base: ChainPoint): readonly SegmentRecord[] {
  let end = 0
  for (const { first, last } of records) {
    if (first !== end + 1) break
    end = last
  }
  const root = records.at(-1)?.root ?? Buffer.from(base.hash).toString('base64')
  if (end === base.seq && root === Buffer.from(base.hash).toString('base64')) return records
  throw new BrokenChainError({ seq: end + 1, reason: 'the record that it was sealed in a segment is missing' })
}

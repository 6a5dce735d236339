import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database, { type Statement } from 'better-sqlite3'
import { BrokenChainError, type ChainPoint, type ChainRow } from '../chain.ts'
import { MissingSegmentError } from '../missing-segment.ts'
import { BlockWalk } from './block-walk.ts'

/** What is on record of a segment: which records it has, and in which file. */
export interface SegmentRecord {
  readonly first: number
  readonly last: number
  /** The hash of its last record, base64. */
  readonly root: string
  readonly file: string
  /** How many of the records up to its last one, of all segments, were left in the store as well. */
  readonly carried?: number
}

/** `EOSG`: a segment is a store that nobody may write to, so nobody opens it as one. */
export const SEGMENT_ID = 0x454f5347

/** How the file of a segment is named: with the beginning of the hash of its last record, so two of one name have the same records. */
export function segmentName({ first, last, root }: Pick<SegmentRecord, 'first' | 'last' | 'root'>): string {
  return `records-${first}-${last}-${Buffer.from(root, 'base64').toString('hex').slice(0, 16)}.db`
}

interface Asked {
  readonly ofExecution: Statement<[execution: string, last: number], ChainRow>
  readonly naming: Statement<[plan: string, last: number], ChainRow>
  readonly some: Statement<[from: number, last: number, limit: number], ChainRow>
  readonly text: Statement<[ref: string], Uint8Array>
  readonly texts: Statement<[], { readonly ref: string; readonly bytes: Uint8Array }>
}

const ROW = 'SELECT seq, body, prev, hash FROM journal'

/** The file of a segment: a copy of the store as it was when its records were sealed. Read, never written. */
export class SegmentFile {
  readonly record: SegmentRecord
  readonly #path: string
  readonly #database: Database.Database
  readonly #asked: Asked

  /**
   * Opens a segment in its folder. Throws MissingSegmentError where its file is missing or cannot be read; BrokenChainError where its last
   * record is not the one that was sealed.
   */
  constructor(folder: string, record: SegmentRecord) {
    this.record = record
    this.#path = join(folder, record.file)
    if (!existsSync(this.#path)) throw new MissingSegmentError(this.#path, record)
    this.#database = this.#read(() => new Database(this.#path, { readonly: true, fileMustExist: true }))
    try {
      this.#asked = this.#read(() => asked(this.#database))
      const last = this.row(record.last)
      if (last === undefined || Buffer.from(last.hash).toString('base64') !== record.root) throw altered(record)
    } catch (thrown) {
      this.#database.close()
      throw thrown
    }
  }

  /** The records of an execution in this segment, in order; what proves them is kept in the store. */
  ofExecution(execution: string): readonly ChainRow[] {
    return this.#read(() => this.#asked.ofExecution.all(execution, this.record.last))
  }

  /** The records that name a plan. */
  naming(plan: string): readonly ChainRow[] {
    return this.#read(() => this.#asked.naming.all(plan, this.record.last))
  }

  /** Records of this segment from a position on. */
  rows(from: number, limit: number): readonly ChainRow[] {
    return this.#read(() => this.#asked.some.all(from, this.record.last, limit))
  }

  /** Every encrypted text that is in the file. */
  texts(): Iterable<{ readonly ref: string; readonly bytes: Uint8Array }> {
    return this.#read(() => this.#asked.texts.iterate())
  }

  row(seq: number): ChainRow | undefined {
    const [row] = this.rows(seq, 1)
    return row?.seq === seq ? row : undefined
  }

  /** An encrypted text. */
  text(ref: string): Uint8Array | undefined {
    return this.#read(() => this.#asked.text.get(ref))
  }

  /** Verifies every record behind the point before the first one, to the last. Throws BrokenChainError. */
  verify(before: ChainPoint): void {
    const { first, last, root } = this.record
    if (before.seq !== first - 1) throw altered(this.record)
    const walked = this.#read(() => new BlockWalk(this.#database).walk(before, last))
    if ('fault' in walked) throw new BrokenChainError({ ...walked.fault, reason: this.#reason(walked.fault.reason) })
    if (walked.end.seq !== last || Buffer.from(walked.end.hash).toString('base64') !== root) throw altered(this.record)
  }

  close(): void {
    this.#database.close()
  }

  #reason(reason: string): string {
    return `${reason} (in the segment ${this.record.file})`
  }

  #read<T>(work: () => T): T {
    try {
      return work()
    } catch (thrown) {
      if (!(thrown instanceof Database.SqliteError)) throw thrown
      // What the disk or the system refuses says nothing of what is in the file.
      const isRefused = REFUSALS.some((code) => thrown.code.startsWith(code))
      throw isRefused ? new MissingSegmentError(this.#path, this.record, thrown) : altered(this.record)
    }
  }
}

const REFUSALS = ['SQLITE_CANTOPEN', 'SQLITE_IOERR', 'SQLITE_PERM', 'SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_READONLY']

function asked(database: Database.Database): Asked {
  return {
    ofExecution: database.prepare(`${ROW} WHERE execution = ? AND seq <= ? ORDER BY seq`),
    naming: database.prepare(`${ROW} WHERE plan = ? AND seq <= ? ORDER BY seq`),
    some: database.prepare(`${ROW} WHERE seq >= ? AND seq <= ? ORDER BY seq LIMIT ?`),
    text: database.prepare<[string], Uint8Array>('SELECT bytes FROM blob WHERE ref = ?').pluck(),
    texts: database.prepare('SELECT ref, bytes FROM blob ORDER BY ref'),
  }
}

function altered({ first, last, file }: SegmentRecord): BrokenChainError {
  return new BrokenChainError({
    seq: first,
    reason: `the segment ${file} is not the one that was sealed with the records from ${first} to ${last}`,
  })
}

import type { Database, Statement } from 'better-sqlite3'
import type { MarkTable } from './mark-table.ts'

/**
 * How many records name a plan, sealed with the position up to which they are counted: a decision, or the use of an approval, that
 * somebody has taken away is missed without a look at every record. Written inside the transactions of the journal alone.
 */
export class PlanCount {
  readonly #marks: MarkTable
  readonly #behind: Statement<[after: number, upTo: number], number>
  readonly #all: Statement<[], number>

  constructor(database: Database, marks: MarkTable) {
    this.#marks = marks
    // The plus keeps the index away: the few new records are looked at by their position.
    this.#behind = database
      .prepare<[number, number], number>(
        'SELECT count(*) FROM journal WHERE seq > ? AND seq <= ? AND +plan IS NOT NULL',
      )
      .pluck()
    this.#all = database.prepare<[], number>('SELECT count(*) FROM journal WHERE plan IS NOT NULL').pluck()
  }

  /** Counts the records behind those that were counted. */
  advance(upTo: number): void {
    const mark = this.#marks.find('plans')
    const count = numberIn(mark?.hash) + (this.#behind.get(mark?.seq ?? 0, upTo) ?? 0)
    this.#marks.set('plans', { seq: upTo, hash: bytesOf(count), latest: undefined })
  }

  /**
   * Whether as many records up to the head name a plan as were counted; undefined where somebody has written who does not count. Throws
   * BrokenChainError when the seal on the number does not fit.
   */
  areAll(head: number): boolean | undefined {
    const mark = this.#marks.find('plans')
    return mark?.seq === head ? this.#all.get() === numberIn(mark.hash) : undefined
  }
}

const BYTES = 32

/** A mark has 32 bytes: the number is the last eight of them, big-endian. */
function bytesOf(count: number): Uint8Array {
  const bytes = Buffer.alloc(BYTES)
  bytes.writeBigUInt64BE(BigInt(count), BYTES - 8)
  return bytes
}

function numberIn(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : Number(Buffer.from(bytes).readBigUInt64BE(BYTES - 8))
}

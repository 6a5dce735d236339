import type { Clock } from '../../model/clock.ts'
import { BrokenChainError, type ChainPoint, type ChainRow, chainHash, sameBytes } from '../chain.ts'
import type { StoreHead } from '../store.ts'
import type { ForeignWrites } from './foreign-writes.ts'

/** For how many milliseconds a walk is kept at most, whatever SQLite says of the file. */
const LONGEST = 60_000

/** What a walk is made of. `walk` and `requireAll` throw BrokenChainError. */
export interface WalkParts {
  readonly clock: Clock
  readonly foreign: Pick<ForeignWrites, 'mark'>
  /** Walks every record behind a point, to the head. */
  readonly walk: (before: ChainPoint) => StoreHead
  /** Has what follows read from the file, and not from what SQLite has kept of it. */
  readonly readAnew: () => void
  /** Requires that no record is missing anywhere. */
  readonly requireAll: (head: StoreHead) => void
}

/** Between which points the chain was walked, when, and who had written by then. */
interface Walked {
  readonly from: number
  readonly end: StoreHead
  /** Monotonic milliseconds at which all of it was walked. */
  readonly whole: number
  readonly mark: string
  /** Whether no record was missing before it either. */
  readonly isAll: boolean
}

/** The decisions about a plan as they were found, and up to where. */
interface Decisions {
  readonly end: ChainPoint
  readonly rows: readonly ChainRow[]
}

/**
 * The walk of the chain to its head, kept: an execution of many switches asks before each of its timed commits, and what this
 * connection has written since needs no second look. While nobody else writes to the file, only what is new is walked, and each
 * decision compared with what it was. Once anybody has written, or after a minute, everything is walked again: it may have been
 * anything, at any place.
 */
export class HeadWalk {
  readonly #parts: WalkParts
  readonly #decisions = new Map<string, Decisions>()
  #walked: Walked | undefined

  constructor(parts: WalkParts) {
    this.#parts = parts
  }

  /** Verifies every record behind a point, to the head. Throws BrokenChainError. */
  verify(before: ChainPoint): StoreHead {
    const { walk, readAnew, clock, foreign } = this.#parts
    const { mark } = foreign
    const now = clock.monotonic()
    const known = this.#walked
    this.#walked = undefined
    const isKept = known?.mark === mark && now - known.whole < LONGEST && known.from <= before.seq
    if (!isKept) readAnew()
    const end = walk(isKept ? known.end : before)
    this.#walked = isKept ? { ...known, end } : { from: before.seq, end, whole: now, mark, isAll: false }
    return end
  }

  /**
   * What is wrong with the chain from the first record that names the plan up to the head, or a record missing anywhere. `before`: the
   * point before that record; `decisions`: the records of decisions about it, as they are now, in order.
   */
  faultSince(plan: string, before: ChainPoint, decisions: readonly ChainRow[]): BrokenChainError | undefined {
    const known = this.#decisions.get(plan)
    this.#decisions.delete(plan)
    if (known === undefined || !areThoseOf(known, decisions)) this.#walked = undefined
    try {
      const end = this.verify(before)
      if (this.#walked?.isAll !== true) this.#parts.requireAll(end)
      if (this.#walked !== undefined) this.#walked = { ...this.#walked, isAll: true }
      this.#decisions.set(plan, { end, rows: decisions })
      return undefined
    } catch (thrown) {
      this.#walked = undefined
      if (thrown instanceof BrokenChainError) return thrown
      throw thrown
    }
  }
}

/** Requires of a record inside a verified stretch that it is what its hash says. Throws BrokenChainError. */
export function requireUnaltered({ seq, body, prev, hash }: ChainRow): void {
  if (!sameBytes(hash, chainHash(seq, prev, body)))
    throw new BrokenChainError({ seq, reason: 'its content was altered' })
}

/** Whether the decisions up to where the chain was walked are the ones that were there then. */
function areThoseOf({ end, rows: known }: Decisions, decisions: readonly ChainRow[]): boolean {
  const own = decisions.filter(({ seq }) => seq <= end.seq)
  return own.length === known.length && own.every((row, index) => isSame(row, known[index]))
}

function isSame({ seq, body, prev, hash }: ChainRow, known: ChainRow | undefined): boolean {
  return known?.seq === seq && sameBytes(hash, known.hash) && sameBytes(hash, chainHash(seq, prev, body))
}

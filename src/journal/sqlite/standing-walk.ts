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
  /** The point before the first record that names a plan; the one before the head where none does. */
  readonly before: (plan: string) => ChainPoint
  /** Walks every record behind a point, to the head. */
  readonly walk: (before: ChainPoint) => StoreHead
  /** Requires that no record is missing anywhere. */
  readonly requireAll: (head: StoreHead) => void
}

/** How far the chain was walked for a plan, when, who had written by then, and which decisions it held. */
interface Walked {
  readonly end: ChainPoint
  /** Monotonic milliseconds at which all of it was walked. */
  readonly whole: number
  readonly mark: string
  readonly decisions: readonly ChainRow[]
}

/**
 * The walk of the chain from the first record that names a plan to the head, kept: an execution of many switches asks before each of
 * its timed commits, and what this connection has written since needs no second look. While nobody else writes to the file, only
 * what is new is walked, and each decision compared with what it was. Once anybody has written, or after a minute, everything is
 * walked again: it may have been anything, at any place.
 */
export class StandingWalk {
  readonly #parts: WalkParts
  readonly #walked = new Map<string, Walked>()

  constructor(parts: WalkParts) {
    this.#parts = parts
  }

  /**
   * What is wrong with the chain from the first record that names the plan up to the head, or a record missing anywhere. `decisions`:
   * the records of decisions about it, as they are now, in order.
   */
  faultSince(plan: string, decisions: readonly ChainRow[]): BrokenChainError | undefined {
    const { walk, before, requireAll, clock, foreign } = this.#parts
    const { mark } = foreign
    const now = clock.monotonic()
    const known = this.#walked.get(plan)
    this.#walked.delete(plan)
    const isKept = known?.mark === mark && now - known.whole < LONGEST && areThoseOf(known, decisions)
    try {
      const end = walk(isKept ? known.end : before(plan))
      if (!isKept) requireAll(end)
      this.#walked.set(plan, { end, whole: isKept ? known.whole : now, mark, decisions })
      return undefined
    } catch (thrown) {
      if (thrown instanceof BrokenChainError) return thrown
      throw thrown
    }
  }
}

/** Whether the decisions up to where the chain was walked are the ones that were there then. */
function areThoseOf({ end, decisions: known }: Walked, decisions: readonly ChainRow[]): boolean {
  const own = decisions.filter(({ seq }) => seq <= end.seq)
  return own.length === known.length && own.every((row, index) => isSame(row, known[index]))
}

function isSame({ seq, body, prev, hash }: ChainRow, known: ChainRow | undefined): boolean {
  return known?.seq === seq && sameBytes(hash, known.hash) && sameBytes(hash, chainHash(seq, prev, body))
}

import type { Clock } from '../../model/clock.ts'
import { BrokenChainError, sameBytes } from '../chain.ts'
import type { ExecutionSummary } from '../store.ts'
import type { ExecutionHead, RecordRows } from './record-rows.ts'
import { eventOf, requireUnaltered, type StoredRow } from './rows.ts'

/** Of so many executions the first and the last record are kept: all that are open of a large store, and as many as one page looks at. */
const MOST = 2_000
/** So many characters their texts have together: what is kept of an execution grows with its switches. */
const MOST_TEXT = 16_000_000
/** For how long, in milliseconds, records are not read again where nobody else has written. */
const LONGEST = 60_000

/** How summaries are asked for. */
interface SummaryRequest {
  /** Who had written before the heads were read; undefined where that is not known: then the records are read in any case. */
  readonly version: number | undefined
  readonly isKept: boolean
}

/** How much is kept at most. */
interface SummaryLimits {
  readonly executions: number
  readonly text: number
}

/** What was read of an execution, with the places and hashes of both rows. */
interface Kept {
  readonly first: number
  readonly last: number
  readonly firstHash: Uint8Array
  readonly lastHash: Uint8Array
  readonly summary: ExecutionSummary
  /** How many characters both texts have. */
  readonly text: number
  /** Who had written by then, and when that was. */
  readonly version: number | undefined
  readonly since: number
}

/**
 * The first and the last record of the executions that were listed last by whoever lists them again, each parsed once. Whoever lists executions has their heads, as they are sealed now: where
 * the head is the one that it was and a store can tell that nobody else has written since, its records are not read again within a minute. Anywhere else
 * they are read and held against their hashes, and only those with another hash are parsed.
 */
export class KeptSummaries {
  readonly #rows: Pick<RecordRows, 'at'>
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #most: SummaryLimits
  /** In the order in which they were listed. */
  readonly #kept = new Map<string, Kept>()
  #text = 0

  constructor(rows: Pick<RecordRows, 'at'>, clock: Pick<Clock, 'monotonic'>, most: Partial<SummaryLimits> = {}) {
    this.#rows = rows
    this.#clock = clock
    this.#most = { executions: MOST, text: MOST_TEXT, ...most }
  }

  /**
   * The summaries of executions by their heads, which are the ones that were sealed. Throws BrokenChainError where a record is not the one that was sealed.
   */
  async of(heads: readonly ExecutionHead[], { version, isKept }: SummaryRequest): Promise<readonly ExecutionSummary[]> {
    const since = this.#clock.monotonic()
    const found = heads.map((head) => this.#asRead(head, version, since))
    const unread = heads.filter((_, index) => found[index] === undefined)
    const rows = unread.length === 0 ? [] : await this.#rows.at(unread.flatMap(({ first, last }) => [first, last]))
    const at = new Map(rows.map((row) => [row.pos, row]))
    return heads.map((head, index) => {
      const kept = found[index] ?? this.#read(head, at, { version, since })
      if (isKept) this.#keep(head.id, kept)
      return kept.summary
    })
  }

  /** What was read of an execution where its records need not be read again. */
  #asRead(head: ExecutionHead, version: number | undefined, now: number): Kept | undefined {
    const known = this.#kept.get(head.id)
    if (known === undefined || version === undefined) return undefined
    const isSame = known.first === head.first && known.last === head.last && sameBytes(known.lastHash, head.head_hash)
    return isSame && known.version === version && now - known.since < LONGEST ? known : undefined
  }

  #read(
    { id, first, last, head, head_hash }: ExecutionHead,
    at: ReadonlyMap<number, StoredRow>,
    read: Pick<Kept, 'version' | 'since'>,
  ): Kept {
    const [begun, newest] = [at.get(first), at.get(last)]
    const isFirst = begun?.execution === id && begun.n === 1
    const isNewest = newest?.execution === id && newest.n === head && sameBytes(newest.hash, head_hash)
    if (!isFirst || !isNewest) throw new BrokenChainError({ seq: first, reason: `records of execution ${id} are gone` })
    requireUnaltered(begun)
    requireUnaltered(newest)
    const known = this.#kept.get(id)
    const hasFirst = known?.first === first && sameBytes(known.firstHash, begun.hash)
    const hasLast = known?.last === last && sameBytes(known.lastHash, newest.hash)
    const summary = {
      id,
      first: hasFirst ? known.summary.first : eventOf(begun),
      last: hasLast ? known.summary.last : eventOf(newest),
    }
    const text = begun.body.length + newest.body.length
    return { first, last, firstHash: begun.hash, lastHash: newest.hash, summary, text, ...read }
  }

  /** Keeps it as the newest, and forgets the oldest where there are too many: a map has its entries in the order in which they were set. */
  #keep(id: string, kept: Kept): void {
    this.#forget(id)
    this.#kept.set(id, kept)
    this.#text += kept.text
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most.executions && this.#text <= this.#most.text) return
      this.#forget(oldest)
    }
  }

  #forget(id: string): void {
    this.#text -= this.#kept.get(id)?.text ?? 0
    this.#kept.delete(id)
  }
}

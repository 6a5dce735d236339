import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/json.ts'
import { BrokenChainError, sameBytes } from '../seal/chain.ts'
import { isChange } from '../store/is-change.ts'
import type { ExecutionPage, ExecutionSummary, ResolvedExecution, Store } from '../store/store.ts'
import type { ChainReader } from './chain-reader.ts'
import { type ExecutionHead, eventOf, type RecordRows, requireUnaltered, type StoredRow } from './record-rows.ts'

const PAGE = 20

export type Executions = ReturnType<typeof executionsOver>

export function executionsOver(rows: RecordRows, reading: ChainReader, clock: Pick<Clock, 'monotonic'>) {
  const summaries = new KeptSummaries(rows, clock)

  const executions = async (page: ExecutionPage = {}): Promise<readonly ExecutionSummary[]> => {
    const isKept = page.again === true
    // Before the heads: what somebody else writes in between is seen by the next page.
    const version = isKept ? rows.foreignWrites?.() : undefined
    const heads = await rows.heads(page)
    for (const head of heads) reading.requireSealed(head)
    return summaries.of(heads, { version, isKept })
  }

  const latest = async (): Promise<ResolvedExecution> => {
    for (let before: string | undefined; ; ) {
      const page = await executions({ limit: PAGE, ...definedMembers({ before }) })
      const found = page.find(isChange)
      if (found !== undefined) return { found: 'one', id: found.id }
      before = page.at(-1)?.id
      if (before === undefined || page.length < PAGE) return { found: 'none' }
    }
  }

  return {
    executions,

    openExecutions: async () => {
      const heads = await rows.heads({ open: true })
      return heads.map((head) => {
        reading.requireSealed(head)
        return { id: head.id, hasActed: head.has_acted }
      })
    },

    executionIds: (limit?) => rows.ids(definedMembers({ limit })),

    resolveExecution: async (word) => {
      if (word === '@latest') return latest()
      const ids = await rows.ids({ prefix: word })
      if (ids.includes(word)) return { found: 'one', id: word }
      const [id, ...others] = ids
      if (id === undefined) {
        // Who takes an execution away hides none: the register has it.
        await reading.rowsOf(word)
        return { found: 'none' }
      }
      return others.length === 0 ? { found: 'one', id } : { found: 'several', ids }
    },
  } satisfies Partial<Store>
}

const MOST = 2_000
// So many characters their texts have together: what is kept of an execution grows with its switches.
const MOST_TEXT = 16_000_000
// For how long, in milliseconds, records are not read again where nobody else has written.
const LONGEST = 60_000

interface SummaryRequest {
  // Who had written before the heads were read; undefined where that is not known: then the rows say by their marks whether anybody has
  // written to them.
  readonly version: number | undefined
  readonly isKept: boolean
}

// How much is kept at most.
interface SummaryLimits {
  readonly executions: number
  readonly text: number
}

interface Kept {
  readonly first: number
  readonly last: number
  readonly firstHash: Uint8Array
  readonly lastHash: Uint8Array
  readonly summary: ExecutionSummary
  readonly text: number
  readonly version: number | undefined
  readonly mark: string | undefined
  readonly since: number
}

interface Moment {
  readonly version: number | undefined
  readonly marks: ReadonlyMap<number, string>
  readonly now: number
}

/** The first and the last record of the executions that were listed last by whoever lists them again, each parsed once. Whoever lists executions has their heads, as they are sealed now: where the head is the one that it was and a store can tell that nobody else has written since, to it or to these rows, its records are not read again within a minute. */
export class KeptSummaries {
  readonly #rows: Pick<RecordRows, 'at' | 'marksAt'>
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #most: SummaryLimits
  readonly #kept = new Map<string, Kept>()
  #text = 0

  constructor(
    rows: Pick<RecordRows, 'at' | 'marksAt'>,
    clock: Pick<Clock, 'monotonic'>,
    most: Partial<SummaryLimits> = {},
  ) {
    this.#rows = rows
    this.#clock = clock
    this.#most = { executions: MOST, text: MOST_TEXT, ...most }
  }

  /** Throws BrokenChainError where a record is not the one that was sealed. */
  async of(heads: readonly ExecutionHead[], { version, isKept }: SummaryRequest): Promise<readonly ExecutionSummary[]> {
    const now = this.#clock.monotonic()
    const marks = isKept && version === undefined ? await this.#marksOf(heads) : new Map<number, string>()
    const found = heads.map((head) => this.#asRead(head, { version, marks, now }))
    const unread = heads.filter((_, index) => found[index] === undefined)
    const rows = unread.length === 0 ? [] : await this.#rows.at(unread.flatMap(({ first, last }) => [first, last]))
    const at = new Map(rows.map((row) => [row.pos, row]))
    return heads.map((head, index) => {
      const kept = found[index] ?? this.#read(head, at, { version, since: now })
      if (isKept) this.#keep(head.id, kept)
      return kept.summary
    })
  }

  async #marksOf(heads: readonly ExecutionHead[]): Promise<ReadonlyMap<number, string>> {
    const known = heads.flatMap((head) => (this.#isAsItWas(head) ? [head.first, head.last] : []))
    const found = known.length === 0 ? undefined : await this.#rows.marksAt?.(known)
    return new Map(found?.map(({ pos, mark }) => [pos, mark]))
  }

  #isAsItWas({ id, first, last, head_hash }: ExecutionHead): boolean {
    const known = this.#kept.get(id)
    return known?.first === first && known.last === last && sameBytes(known.lastHash, head_hash)
  }

  #asRead(head: ExecutionHead, { version, marks, now }: Moment): Kept | undefined {
    const known = this.#kept.get(head.id)
    if (known === undefined || !this.#isAsItWas(head) || now - known.since >= LONGEST) return undefined
    if (version !== undefined) return known.version === version ? known : undefined
    const { mark } = known
    return mark !== undefined && mark === bothMarks(marks.get(head.first), marks.get(head.last)) ? known : undefined
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
    const mark = bothMarks(begun.mark, newest.mark)
    return { first, last, firstHash: begun.hash, lastHash: newest.hash, summary, text, mark, ...read }
  }

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

function bothMarks(first: string | undefined, last: string | undefined) {
  return first === undefined || last === undefined ? undefined : `${first}, ${last}`
}

import type { CountedEntries, ExecutionTable } from './execution-table.ts'
import { guarded } from './sqlite-error.ts'
import type { SqliteStoreParts } from './store-parts.ts'
import type { VerifiedChain } from './verified-chain.ts'

/** Views of a store for its questions: what one of them answers is of one moment, whatever other processes append meanwhile. */
export class StoreReading {
  readonly #parts: Pick<SqliteStoreParts, 'database' | 'path' | 'marks'>
  readonly #chain: VerifiedChain
  readonly #executions: ExecutionTable

  constructor(parts: SqliteStoreParts, chain: VerifiedChain) {
    this.#parts = parts
    this.#chain = chain
    this.#executions = parts.executions
  }

  /** One consistent view. */
  of<T>(work: () => T): T {
    return guarded(this.#parts.path, () => this.#parts.database.transaction(work).deferred())
  }

  /** One consistent view in which every record is counted in the entries of executions and plans. */
  counted<T>(work: () => T): T {
    const { database, path, marks } = this.#parts
    const isCounted = (): boolean => this.#executions.upTo() === marks.get('head').seq
    const seen = this.of(() => (isCounted() ? { found: work() } : undefined))
    if (seen !== undefined) return seen.found
    this.count()
    const counted = database.transaction(() => {
      this.#executions.begin(this.#chain.head(), (after) => this.#chain.walk(after + 1))
      return work()
    })
    return guarded(path, () => counted.immediate())
  }

  /** Counts the records that whoever wrote them has not counted. Readers and writers need not wait for the counting. */
  count(): void {
    const { database, path } = this.#parts
    const counted = this.of((): CountedEntries | undefined => {
      const head = this.#chain.head()
      if (this.#executions.upTo() === head.seq) return undefined
      return this.#executions.count(head, (after) => this.#chain.walk(after + 1))
    })
    if (counted === undefined) return
    guarded(path, () => database.transaction(() => this.#executions.keep(counted)).immediate())
  }

  /** Has what follows read from the file: SQLite never looks again at a page that it has, whose bytes may have been changed past it (sqlite.org/pragma.html#pragma_shrink_memory). */
  anew(): void {
    guarded(this.#parts.path, () => this.#parts.database.pragma('shrink_memory'))
  }
}

import { BrokenChainError, sameBytes } from '../chain.ts'
import type { ExecutionPage, ExecutionSummary, OpenExecution, ResolvedExecution } from '../store.ts'
import type { ChainReader } from './chain-reader.ts'
import type { RecordRows } from './record-rows.ts'
import { unaltered } from './rows.ts'

/** The lists of executions. Their heads are sealed, and the register says of each that it began and ended. */
export class Executions {
  readonly #rows: RecordRows
  readonly #reading: ChainReader

  constructor(rows: RecordRows, reading: ChainReader) {
    this.#rows = rows
    this.#reading = reading
  }

  async page(page: ExecutionPage): Promise<readonly ExecutionSummary[]> {
    const heads = await this.#rows.heads(page)
    for (const head of heads) this.#reading.requireSealed(head)
    const rows = await this.#rows.at(heads.flatMap(({ first, last }) => [first, last]))
    const at = new Map(rows.map((row) => [row.pos, row]))
    return heads.map(({ id, first, last, head, head_hash }) => {
      const [begun, newest] = [at.get(first), at.get(last)]
      const isFirst = begun?.execution === id && begun.n === 1
      const isNewest = newest?.execution === id && newest.n === head && sameBytes(newest.hash, head_hash)
      if (!isFirst || !isNewest)
        throw new BrokenChainError({ seq: first, reason: `records of execution ${id} are gone` })
      return { id, first: unaltered(begun), last: unaltered(newest) }
    })
  }

  async open(): Promise<readonly OpenExecution[]> {
    const heads = await this.#rows.heads({ open: true })
    return heads.map((head) => {
      this.#reading.requireSealed(head)
      return { id: head.id, hasActed: head.has_acted }
    })
  }

  ids(most?: number): Promise<readonly string[]> {
    return this.#rows.ids(most === undefined ? {} : { limit: most })
  }

  async resolve(word: string): Promise<ResolvedExecution> {
    const ids = await this.#rows.ids(word === '@latest' ? { limit: 1 } : { prefix: word })
    if (ids.includes(word)) return { found: 'one', id: word }
    const [id, ...others] = ids
    if (id === undefined) {
      // Who takes an execution away hides none: the register has it.
      await this.#reading.rowsOf(word)
      return { found: 'none' }
    }
    return others.length === 0 ? { found: 'one', id } : { found: 'several', ids }
  }
}

import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { isChange } from '../store/is-change.ts'
import type { ExecutionPage, ExecutionSummary, OpenExecution, ResolvedExecution } from '../store/store.ts'
import type { ChainReader } from './chain-reader.ts'
import { KeptSummaries } from './kept-summaries.ts'
import type { RecordRows } from './record-rows.ts'

const PAGE = 20

export class Executions {
  readonly #rows: RecordRows
  readonly #reading: ChainReader
  readonly #summaries: KeptSummaries

  constructor(rows: RecordRows, reading: ChainReader, clock: Pick<Clock, 'monotonic'>) {
    this.#rows = rows
    this.#reading = reading
    this.#summaries = new KeptSummaries(rows, clock)
  }

  async page(page: ExecutionPage): Promise<readonly ExecutionSummary[]> {
    const isKept = page.again === true
    // Before the heads: what somebody else writes in between is seen by the next page.
    const version = isKept ? this.#rows.foreignWrites?.() : undefined
    const heads = await this.#rows.heads(page)
    for (const head of heads) this.#reading.requireSealed(head)
    return this.#summaries.of(heads, { version, isKept })
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
    if (word === '@latest') return this.#latest()
    const ids = await this.#rows.ids({ prefix: word })
    if (ids.includes(word)) return { found: 'one', id: word }
    const [id, ...others] = ids
    if (id === undefined) {
      // Who takes an execution away hides none: the register has it.
      await this.#reading.rowsOf(word)
      return { found: 'none' }
    }
    return others.length === 0 ? { found: 'one', id } : { found: 'several', ids }
  }

  async #latest(): Promise<ResolvedExecution> {
    for (let before: string | undefined; ; ) {
      const page = await this.page({ limit: PAGE, ...definedMembers({ before }) })
      const found = page.find(isChange)
      if (found !== undefined) return { found: 'one', id: found.id }
      before = page.at(-1)?.id
      if (before === undefined || page.length < PAGE) return { found: 'none' }
    }
  }
}

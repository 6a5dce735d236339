import { BrokenChainError, sameBytes } from '../chain.ts'
import type { ExecutionPage, ExecutionSummary, OpenExecution, ResolvedExecution } from '../store.ts'
import type { Questions } from './database.ts'
import { EXECUTION_HEAD, type ExecutionHead, type Reading } from './reading.ts'
import { EVENT_ROW, type StoredRow, unaltered } from './rows.ts'

/** The lists of executions. Their heads are sealed, and the register says of each that it began and ended. */
export class Executions {
  readonly #questions: Questions
  readonly #reading: Reading

  constructor(questions: Questions, reading: Reading) {
    this.#questions = questions
    this.#reading = reading
  }

  async page({ limit, before, open = false }: ExecutionPage): Promise<readonly ExecutionSummary[]> {
    const heads = await this.#questions.ask<ExecutionHead>(
      `SELECT ${EXECUTION_HEAD} FROM execution x WHERE ($1::text IS NULL OR x.first < (SELECT b.first FROM execution b WHERE b.id = $1))
        AND (NOT $2 OR x.is_open) ORDER BY x.first DESC LIMIT $3`,
      [before ?? null, open, limit ?? null],
    )
    for (const head of heads) this.#reading.requireSealed(head)
    const rows = await this.#questions.ask<StoredRow>(`SELECT ${EVENT_ROW} FROM event e WHERE e.pos = ANY($1)`, [
      heads.flatMap(({ first, last }) => [first, last]),
    ])
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
    const heads = await this.#questions.ask<ExecutionHead>(
      `SELECT ${EXECUTION_HEAD} FROM execution x WHERE x.is_open ORDER BY x.first DESC`,
    )
    return heads.map((head) => {
      this.#reading.requireSealed(head)
      return { id: head.id, hasActed: head.has_acted }
    })
  }

  async ids(): Promise<readonly string[]> {
    const rows = await this.#questions.ask<{ id: string }>('SELECT id FROM execution ORDER BY first DESC')
    return rows.map(({ id }) => id)
  }

  async resolve(word: string): Promise<ResolvedExecution> {
    const rows =
      word === '@latest'
        ? await this.#questions.ask<{ id: string }>('SELECT id FROM execution ORDER BY first DESC LIMIT 1')
        : await this.#questions.ask<{ id: string }>(
            'SELECT id FROM execution WHERE starts_with(id, $1) ORDER BY first DESC',
            [word],
          )
    const ids = rows.map(({ id }) => id)
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

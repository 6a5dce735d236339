import type { Clock } from '../model/clock.ts'

/** Does something once a term for each execution, and again in the next term: whoever has got it in this one may be dead by then. */
export class OnceATerm {
  readonly #clock: Pick<Clock, 'now'>
  readonly #term: number
  /** What was done in the present term: of those before nothing is kept. */
  #done: { readonly term: number; readonly executions: Set<string> } = { term: 0, executions: new Set() }

  /** `term`: how long it lasts, in milliseconds. */
  constructor(clock: Pick<Clock, 'now'>, term: number) {
    this.#clock = clock
    this.#term = term
  }

  /** How many executions it remembers. */
  get size(): number {
    return this.#done.executions.size
  }

  /** Calls `work` with the number of the term, unless that was done in it. What it throws is not done. */
  async during(execution: string, work: (term: number) => Promise<void>): Promise<void> {
    const term = Math.floor(this.#clock.now() / this.#term)
    if (this.#done.term !== term) this.#done = { term, executions: new Set() }
    const { executions } = this.#done
    if (executions.has(execution)) return
    await work(term)
    executions.add(execution)
  }
}

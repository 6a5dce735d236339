import type { Clock } from '../../../model/clock.ts'
import type { Questions } from './database.ts'

// What is written in so many milliseconds is said together.
const TOGETHER = 50

export const WRITTEN = 'eos_written'
export const POSTED = 'eos_posted'

/** That is said behind the commit, and for many at once: a NOTIFY within it would have all who write to the store commit one after the other. What is not said, because the process has died, watchers find a little later. */
export class WriteAnnouncer {
  readonly #questions: Pick<Questions, 'ask'>
  readonly #clock: Pick<Clock, 'sleep'>
  readonly #written = new Set<string>()
  #saying: Promise<void> | undefined

  constructor(questions: Pick<Questions, 'ask'>, clock: Pick<Clock, 'sleep'>) {
    this.#questions = questions
    this.#clock = clock
  }

  wrote(execution: string): void {
    this.#written.add(execution)
    this.#saying ??= this.#say().finally(() => {
      this.#saying = undefined
    })
  }

  async #say() {
    while (this.#written.size > 0) {
      await this.#clock.sleep(TOGETHER)
      const executions = [...this.#written]
      this.#written.clear()
      await this.#questions
        .ask(`SELECT pg_notify('${WRITTEN}', its) FROM unnest($1::text[]) AS its`, [executions])
        .catch(() => undefined)
    }
  }

  async settled(): Promise<void> {
    await this.#saying
  }
}

import { exitCodeOfOutcome } from '../../src/cli/exit-code.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { pause, type Team } from './team.ts'

/** How a command ended that watched an execution, once nothing more was to be seen. */
interface Watched {
  readonly execution: string
  readonly code: number
  readonly out: string
  readonly err: string
}

/** What came of all who watched. */
export interface WatchersEnd {
  /** How often each exit code was met, that of an execution that waits for somebody as well. */
  readonly codes: Readonly<Record<number, number>>
  readonly wrong: readonly string[]
}

/** It waits for somebody: whoever watches begins anew. */
const WAITS = 12
/** The store was away for too long: it says so, and how to go on. */
const NO_LONGER = 13
/** The store is away when the command begins, which has watched nothing yet. */
const NOT_BEGUN = /cannot be reached|is starting|shut(ting)? down|recovery/

/** People at terminals, each of whom watches one execution with the built command until it ends. */
export class Watchers {
  readonly #team: Pick<Team, 'eosflow'>
  readonly #watching: Promise<Watched>[] = []
  readonly #codes: Record<number, number> = {}

  constructor(team: Pick<Team, 'eosflow'>) {
    this.#team = team
  }

  /** How many watch, or have watched. */
  get many(): number {
    return this.#watching.length
  }

  watch(execution: string): void {
    this.#watching.push(this.#watch(execution))
  }

  async #watch(execution: string): Promise<Watched> {
    for (;;) {
      const { code, out, err } = await this.#team.eosflow('watch', execution)
      this.#codes[code] = (this.#codes[code] ?? 0) + 1
      const goesOn = code === WAITS || (code === NO_LONGER && saysHow(execution, err))
      const isBefore = code === 1 && out === '' && NOT_BEGUN.test(err)
      if (!(goesOn || isBefore)) return { execution, code, out, err }
      await pause(1_000)
    }
  }

  /** Waits for all of them, and judges what each of them was told last by what is on record. */
  async end(records: (execution: string) => Promise<readonly JournalEvent[]>): Promise<WatchersEnd> {
    const wrong: string[] = []
    for (const { execution, code, out, err } of await Promise.all(this.#watching)) {
      const ended = (await records(execution)).findLast((event) => event.type === 'ExecutionEnded')
      const expected = ended?.type === 'ExecutionEnded' ? codesOf(ended) : []
      if (!expected.includes(code))
        wrong.push(
          `who watched ${execution} was told ${code}, and not ${expected.join(' or ')}: ${(out + err).slice(-300)}`,
        )
    }
    return { codes: this.#codes, wrong }
  }
}

const saysHow = (execution: string, err: string): boolean =>
  err.includes(`no longer watching; ${execution} goes on\nNext: eosflow watch ${execution}\n`)

/** What an end is told as. The error that has put a change back is not on its last record: of a refusal every code but those of other ends is true. */
function codesOf({ outcome }: JournalEvent & { readonly type: 'ExecutionEnded' }): readonly number[] {
  return outcome === 'refused' ? [1, 4, 5, 9, 10] : [exitCodeOfOutcome(outcome, undefined)]
}

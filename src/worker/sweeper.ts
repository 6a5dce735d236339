import type { Posted } from '../app/posts.ts'
import type { Cause } from '../dispatch/activation.ts'
import type { Dispatcher } from '../dispatch/dispatcher.ts'
import type { Workers } from '../journal/workers.ts'
import type { Clock } from '../model/clock.ts'

/** How far apart looks are, in milliseconds: who writes a word posts at once, unless it dies in between. */
export const LOOK = 2_000
/** What was posted in so many seconds is on its way. */
const ON_ITS_WAY = 60
/** So many looks apart at most is one execution looked at: what is left then is found by a whole sweep. */
const FARTHEST = 8

/** What a sweeper looks at, and whom it has drive. */
export interface SweeperOptions {
  readonly workers: Pick<Workers, 'list'>
  readonly dispatcher: Pick<Dispatcher, 'posted'>
  readonly clock: Pick<Clock, 'now'>
  /** The open executions that nobody drives though there is something to do, of all or of some. */
  readonly undriven: (among?: ReadonlySet<string>) => Promise<readonly Posted[]>
  /** Has somebody drive one. */
  readonly post: (left: Posted, cause: Cause) => Promise<void>
}

/** When an execution is looked at, and how far that look was away: in looks. */
interface Due {
  readonly at: number
  readonly apart: number
}

/**
 * Posts what nobody drives. What somebody has written about is looked at two to four seconds later, and again at ever longer distances as long as nobody
 * drives it: what was posted may have been lost, too. Where the store was away anything may have been written, so everything is looked at once it is back.
 */
export class Sweeper {
  readonly #options: SweeperOptions
  #looks = 0
  #isAllDue = false
  readonly #due = new Map<string, Due>()

  constructor(options: SweeperOptions) {
    this.#options = options
  }

  /** Somebody has written to an execution, or could not drive it for now; nothing: anything may have been written. */
  hear(execution: string | undefined): void {
    if (execution === undefined) this.#isAllDue = true
    else if (execution !== '') this.#due.set(execution, { at: this.#looks + 2, apart: 1 })
  }

  /** Looks at what is due. Throws as the store does; the next look is at the same, then. */
  async look(): Promise<void> {
    this.#looks += 1
    if (this.#isAllDue) {
      this.#isAllDue = false
      await this.sweep().catch((error: unknown) => {
        this.#isAllDue = true
        throw error
      })
    }
    const due = [...this.#due].filter(([, { at }]) => at <= this.#looks)
    if (due.length === 0) return
    const left = await this.#post(new Set(due.map(([execution]) => execution)))
    for (const [execution, before] of due) {
      // Somebody may have written to it meanwhile.
      if (this.#due.get(execution) !== before) continue
      const apart = before.apart * 2
      if (left.has(execution) && apart <= FARTHEST) this.#due.set(execution, { at: this.#looks + apart, apart })
      else this.#due.delete(execution)
    }
  }

  /** Looks at everything, or at these, now. Throws as the store does. */
  async sweep(among?: ReadonlySet<string>): Promise<void> {
    await this.#post(among)
  }

  /** Posts what nobody drives, and gives what nobody drives yet: what waits for a worker as well. */
  async #post(among?: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const { workers, dispatcher, clock, undriven, post } = this.#options
    const living = new Set((await workers.list()).flatMap(({ id, dead }) => (dead === undefined ? [id] : [])))
    const onItsWay = await dispatcher.posted(ON_ITS_WAY, living)
    const asked = among === undefined ? undefined : new Set([...among].filter((id) => !onItsWay.has(id)))
    const left = asked?.size === 0 ? [] : await undriven(asked)
    const period = Math.floor(clock.now() / LOOK)
    for (const one of left) if (!onItsWay.has(one.id)) await post(one, { why: 'left', period })
    return new Set([...onItsWay, ...left.map(({ id }) => id)])
  }
}

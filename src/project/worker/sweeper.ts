import type { Workers } from '../../change/record/store/workers.ts'
import type { Clock } from '../../model/clock.ts'
import type { Cause, Dispatcher } from '../app/dispatch/port/activation.ts'
import type { DispatchedExecution } from '../app/dispatch/worker-dispatch.ts'

/** How far apart looks are, in milliseconds: who writes a word posts at once, unless it dies in between. */
export const LOOK = 2_000
/** How often everything is looked at, in milliseconds. */
export const SWEEP = 30_000
// What was posted in so many seconds is on its way.
const ON_ITS_WAY = 60
// So many looks apart at most is one execution looked at: what is left then is found by a whole sweep.
const FARTHEST = 8

export interface SweeperOptions {
  readonly workers: Pick<Workers, 'list'>
  readonly dispatcher: Pick<Dispatcher, 'posted'>
  readonly clock: Pick<Clock, 'now'>
  /** The open executions that nobody drives though there is something to do, of all or of some; `unread` hears of those that could not be looked at. */
  readonly undriven: (
    unread: (execution: string) => void,
    among?: ReadonlySet<string>,
  ) => Promise<readonly DispatchedExecution[]>
  readonly post: (left: DispatchedExecution, cause: Cause) => Promise<void>
}

interface Due {
  readonly at: number
  readonly apart: number
}

/** What somebody has written about is looked at two to four seconds later, and again at ever longer distances as long as nobody drives it: what was posted may have been lost, too. Everything is looked at every 30 seconds, and once the store is back after it was away: anything may have been written then. */
export class Sweeper {
  readonly #options: SweeperOptions
  #looks = 0
  #sweepsAt = 1
  #isAllDue = false
  readonly #due = new Map<string, Due>()

  constructor(options: SweeperOptions) {
    this.#options = options
  }

  hear(execution: string | undefined): void {
    if (execution === undefined) this.#isAllDue = true
    else if (execution !== '') this.#due.set(execution, this.#soon())
  }

  again(execution: string): void {
    if (!this.#due.has(execution)) this.#due.set(execution, this.#soon())
  }

  #soon(): Due {
    return { at: this.#looks + 2, apart: 1 }
  }

  /** Throws as the store does; the next look is at the same, then. */
  async look(): Promise<void> {
    this.#looks += 1
    await this.#lookAtDue()
    const isAllDue = this.#isAllDue
    if (!isAllDue && this.#looks < this.#sweepsAt) return
    this.#isAllDue = false
    try {
      // All workers post under one id in half a minute: what fails whenever it is driven is not driven once for each of them.
      await this.#post(isAllDue ? LOOK : SWEEP)
    } catch (error) {
      this.#isAllDue ||= isAllDue
      throw error
    }
    this.#sweepsAt = this.#looks + SWEEP / LOOK
  }

  /** Throws as the store does. */
  async passOn(taken: ReadonlySet<string>): Promise<void> {
    await this.#post(LOOK, taken)
  }

  async #lookAtDue() {
    const due = [...this.#due].filter(([, { at }]) => at <= this.#looks)
    if (due.length === 0) return
    const left = await this.#post(LOOK, new Set(due.map(([execution]) => execution)))
    for (const [execution, before] of due) {
      // Somebody may have written to it meanwhile.
      if (this.#due.get(execution) !== before) continue
      const apart = before.apart * 2
      if (left.has(execution) && apart <= FARTHEST) this.#due.set(execution, { at: this.#looks + apart, apart })
      else this.#due.delete(execution)
    }
  }

  // Posts what nobody drives, under one id in so many milliseconds.
  async #post(period: number, among?: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const { workers, dispatcher, clock, undriven, post } = this.#options
    const living = new Set((await workers.list()).flatMap(({ id, dead }) => (dead === undefined ? [id] : [])))
    const onItsWay = await dispatcher.posted(ON_ITS_WAY, living)
    const asked = among === undefined ? undefined : new Set([...among].filter((id) => !onItsWay.has(id)))
    const unread = new Set<string>()
    const left = asked?.size === 0 ? [] : await undriven((execution) => unread.add(execution), asked)
    for (const execution of unread) this.again(execution)
    const cause = { why: 'left', period: Math.floor(clock.now() / period) } as const
    for (const one of left) if (!onItsWay.has(one.id)) await post(one, cause)
    return new Set([...onItsWay, ...unread, ...left.map(({ id }) => id)])
  }
}

import type { Clock } from '../../model/clock.ts'
import { sleepOn, type Timeline } from './timeline.ts'

/** A promise of the dead: nobody will ever hear of it. */
const NEVER: Promise<never> = new Promise(() => undefined)

/** One process of a controller, which can be killed between any two things that it does. */
export class Life {
  readonly number: number
  readonly execution: string
  /** SIGINT, or the word of another process that the execution is to stop. */
  readonly stop = new AbortController()
  #alive = true

  constructor(number: number, execution: string) {
    this.number = number
    this.execution = execution
  }

  get alive(): boolean {
    return this.#alive
  }

  /** `kill -9`: whatever it waits for is never heard. What it has sent is on its way. */
  kill(): void {
    this.#alive = false
  }

  /** Does something that reaches out of the process. The dead neither do it nor hear how it went. */
  async reach<T>(work: () => T | Promise<T>): Promise<T> {
    if (!this.#alive) return NEVER
    try {
      const result = await work()
      return this.#alive ? result : NEVER
    } catch (error) {
      if (!this.#alive) return NEVER
      throw error
    }
  }

  /** The clock of its machine, whose wall time somebody may set. `woken` is called before each wake. */
  clock(timeline: Timeline, now: () => number, woken: () => void): Clock {
    return {
      now,
      monotonic: () => timeline.now,
      sleep: (milliseconds, signal) =>
        this.reach(async () => {
          await sleepOn(timeline, milliseconds, signal)
          if (this.#alive) woken()
        }),
    }
  }
}

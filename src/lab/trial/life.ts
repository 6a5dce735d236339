import type { Clock } from '../../model/clock.ts'
import { sleepOn, type Timeline } from './timeline.ts'

/** One process of a controller, which can be killed between any two things that it does. */
export class Life {
  readonly number: number
  readonly execution: string
  /** SIGINT, or the word of another process that the execution is to stop. */
  readonly stop = new AbortController()
  /** The word of another process that the execution is to rest. */
  readonly suspend = new AbortController()
  #alive = true
  /** Kept while it is frozen: until when. */
  #thaw: Promise<unknown> | undefined
  /** What the dead wait for. Their own, so that what waits for it is forgotten with them. */
  readonly #never = new Promise<never>(() => undefined)

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

  /** `SIGSTOP`, and `SIGCONT` after some milliseconds: meanwhile it does nothing and hears nothing. */
  freeze(timeline: Timeline, milliseconds: number): void {
    const thaw = new Promise((resolve) => timeline.after(milliseconds, () => resolve(undefined))).then(() => {
      if (this.#thaw === thaw) this.#thaw = undefined
    })
    this.#thaw = thaw
  }

  /** Resolves when it is not frozen; undefined where it is not. */
  get thawed(): Promise<unknown> | undefined {
    return this.#thaw
  }

  /** Does something that reaches out of the process. The dead neither do it nor hear how it went. */
  async reach<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#thaw !== undefined) await this.#awake()
    if (!this.#alive) return this.#never
    try {
      const result = await work()
      if (this.#thaw !== undefined) await this.#awake()
      return this.#alive ? result : this.#never
    } catch (error) {
      if (this.#thaw !== undefined) await this.#awake()
      if (!this.#alive) return this.#never
      throw error
    }
  }

  async #awake(): Promise<void> {
    while (this.#thaw !== undefined) await this.#thaw
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

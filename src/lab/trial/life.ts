import type { Clock } from '../../model/clock.ts'
import { sleepOn, type Timeline } from './timeline.ts'

export class Life {
  readonly number: number
  readonly execution: string
  readonly stop = new AbortController()
  readonly suspend = new AbortController()
  #alive = true
  #thaw: Promise<unknown> | undefined
  // Their own, so that what waits for it is forgotten with them.
  readonly #never = new Promise<never>(() => undefined)

  constructor(number: number, execution: string) {
    this.number = number
    this.execution = execution
  }

  get alive(): boolean {
    return this.#alive
  }

  /** `kill -9`: whatever it waits for is never heard. */
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

  get thawed(): Promise<unknown> | undefined {
    return this.#thaw
  }

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

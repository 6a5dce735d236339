import type { Workers } from '../../change/record/store/workers.ts'
import type { Clock } from '../../model/clock.ts'

/** How long it is waited before an execution is given up once more that could not be, in milliseconds. */
const AGAIN = 1_000

/** What executions are given up with. */
export interface OwnExecutionsOptions {
  readonly workers: Pick<Workers, 'leave'>
  readonly clock: Pick<Clock, 'sleep'>
  /** Aborted when this process ends: it gives everything up then, or its term ends. */
  readonly over: AbortSignal
  readonly failed: (execution: string, error: unknown) => void
}

/**
 * The executions that one process drives. Each is given up behind the last of those that drive it here: one that was brought here twice is still
 * driven when the second one finds that. And it is given up in any case, also where the store is away for a time: what a living process owns and
 * does not drive, nobody would ever go on with.
 */
export class OwnExecutions {
  readonly #options: OwnExecutionsOptions
  readonly #driving = new Map<string, number>()
  readonly #leaving = new Map<string, Promise<void>>()

  constructor(options: OwnExecutionsOptions) {
    this.#options = options
  }

  /** Has an execution driven by `drive`, which throws nothing, and gives it up then. */
  async during(execution: string, drive: () => Promise<void>): Promise<void> {
    // What was to be given up must not be what is taken up now.
    await this.#leaving.get(execution)
    this.#driving.set(execution, (this.#driving.get(execution) ?? 0) + 1)
    await drive()
    const others = (this.#driving.get(execution) ?? 1) - 1
    if (others > 0) {
      this.#driving.set(execution, others)
      return
    }
    this.#driving.delete(execution)
    const left = this.#leave(execution).finally(() => this.#leaving.delete(execution))
    this.#leaving.set(execution, left)
    await left
  }

  async #leave(execution: string): Promise<void> {
    const { workers, clock, over, failed } = this.#options
    for (let tries = 0; ; tries++) {
      try {
        return await workers.leave(execution)
      } catch (error) {
        if (tries === 0) failed(execution, error)
        if (over.aborted) return
        await clock.sleep(AGAIN, over).catch(() => undefined)
      }
    }
  }
}

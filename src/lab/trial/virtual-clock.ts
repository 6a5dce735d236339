import type { Clock } from '../../model/clock.ts'
import { atRest, sleepOn, Timeline } from './timeline.ts'

/** `advance` releases sleepers in the order of their deadlines and lets what they started settle before the next one wakes, so that a run under it is repeatable. */
export class VirtualClock implements Clock {
  readonly #start: number
  readonly #timeline = new Timeline()
  readonly #watchers: (() => void)[] = []

  /** Starts at `now`, milliseconds since the epoch. */
  constructor(now = Date.UTC(2026, 0, 5, 8)) {
    this.#start = now
  }

  now(): number {
    return this.#start + this.#timeline.now
  }

  monotonic(): number {
    return this.#timeline.now
  }

  get sleeping(): number {
    return this.#timeline.coming
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const slept = sleepOn(this.#timeline, milliseconds, signal)
    if (signal?.aborted !== true) for (const watch of this.#watchers.splice(0)) watch()
    return slept
  }

  asleep(): Promise<void> {
    if (this.sleeping > 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#watchers.push(resolve)
    })
  }

  /** Moves time forward by `milliseconds` and releases every sleeper that is due on the way. */
  async advance(milliseconds: number): Promise<void> {
    const target = this.#timeline.now + milliseconds
    await atRest()
    while ((this.#timeline.dueAt ?? Number.POSITIVE_INFINITY) <= target) await this.#timeline.next()
    this.#timeline.passTo(target)
  }

  async next(): Promise<boolean> {
    const { dueAt } = this.#timeline
    if (dueAt === undefined) return false
    await this.advance(Math.max(0, dueAt - this.#timeline.now))
    return true
  }
}

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../../../model/clock.ts'

// How often the loop is looked at, in milliseconds: that is in what the histogram says.
const RESOLUTION = 10
// A delay is shown for so long at least, in milliseconds, and until somebody has asked.
const SHOWN = 30_000

export class LoopLag {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION })
  #before = 0
  #since: number

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
    this.#since = clock.monotonic()
    this.#delays.enable()
  }

  /** The longest delay of the last half minute, and of whatever time before in which nobody has asked; in seconds. */
  longest(): number {
    const now = Math.max(0, this.#delays.max / 1e9 - RESOLUTION / 1000)
    const longest = Math.max(this.#before, now)
    if (this.#clock.monotonic() - this.#since >= SHOWN) {
      this.#before = now
      this.#since = this.#clock.monotonic()
      this.#delays.reset()
    }
    return longest
  }

  close(): void {
    this.#delays.disable()
  }
}

import type { Clock } from '../../../model/clock.ts'
import type { SiteExecution } from './parts.ts'

// How often the records of the parts are looked at, in milliseconds: while something happens there, and at least.
const OFTEN = 500
const RARELY = 10_000
// A look comes so many times later than the silence before it was long.
const SILENCE = 20

export class Looks {
  readonly #clock: Clock
  #newest = ''
  #since: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.monotonic()
  }

  /** Throws what the signal is aborted with. */
  async pause(parts: readonly SiteExecution[], signal: AbortSignal): Promise<void> {
    const newest = parts.map(({ state }) => state.seq).join()
    const now = this.#clock.monotonic()
    if (newest !== this.#newest) [this.#newest, this.#since] = [newest, now]
    const silence = (now - this.#since) / SILENCE
    await this.#clock.sleep(Math.min(Math.max(silence, OFTEN), RARELY), signal)
  }
}

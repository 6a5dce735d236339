import type { Clock } from '../../../model/clock.ts'
import { tooMany } from './too-many.ts'

/** So many requests of one kind in so many milliseconds. */
export interface Limit {
  readonly most: number
  readonly within: number
  /** Names them in a refusal: `logins a minute`. */
  readonly what: string
}

interface Window {
  readonly until: number
  count: number
}

export class FixedWindows {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #names: number
  readonly #windows = new Map<string, Window>()

  constructor(clock: Pick<Clock, 'monotonic'>, names = Number.POSITIVE_INFINITY) {
    this.#clock = clock
    this.#names = names
  }

  /** Throws `too-many` where it is one too many, and after how many seconds it is not. */
  take(name: string, { most, within, what }: Limit): () => void {
    const now = this.#clock.monotonic()
    const known = this.#windows.get(name)
    const window = known !== undefined && now < known.until ? known : this.#open(name, now, within)
    if (window.count >= most) throw tooMany(most, what, Math.max(1, Math.ceil((window.until - now) / 1000)))
    window.count += 1
    return () => {
      window.count -= 1
    }
  }

  #open(name: string, now: number, within: number): Window {
    const window = { until: now + within, count: 0 }
    this.#windows.delete(name)
    // A map has its entries in the order in which they were set: the oldest are first.
    for (const [oldest, { until }] of this.#windows) {
      if (now < until && this.#windows.size < this.#names) break
      this.#windows.delete(oldest)
    }
    this.#windows.set(name, window)
    return window
  }
}

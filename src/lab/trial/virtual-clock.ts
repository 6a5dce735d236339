import type { Clock } from '../../model/clock.ts'

interface Sleeper {
  readonly until: number
  readonly order: number
  readonly wake: () => void
}

/** `advance` releases sleepers in the order of their deadlines and lets what they started settle before the next one wakes, so that a run under it is repeatable. */
export class VirtualClock implements Clock {
  #now: number
  #order = 0
  readonly #start: number
  readonly #sleepers = new Set<Sleeper>()
  readonly #watchers: (() => void)[] = []

  /** Starts at `now`, milliseconds since the epoch. */
  constructor(now = Date.UTC(2026, 0, 5, 8)) {
    this.#now = now
    this.#start = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now - this.#start
  }

  get sleeping(): number {
    return this.#sleepers.size
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper)
        reject(signal?.reason)
      }
      const sleeper: Sleeper = {
        until: this.#now + Math.max(0, milliseconds),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#sleepers.add(sleeper)
      for (const watch of this.#watchers.splice(0)) watch()
    })
  }

  asleep(): Promise<void> {
    if (this.sleeping > 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#watchers.push(resolve)
    })
  }

  /** Moves time forward by `milliseconds` and releases every sleeper that is due on the way. */
  async advance(milliseconds: number): Promise<void> {
    const target = this.#now + milliseconds
    await settled()
    for (let next = this.#earliest(target); next !== undefined; next = this.#earliest(target)) {
      this.#now = Math.max(this.#now, next.until)
      this.#sleepers.delete(next)
      next.wake()
      await settled()
    }
    this.#now = target
  }

  async next(): Promise<boolean> {
    const next = this.#earliest(Number.POSITIVE_INFINITY)
    if (next === undefined) return false
    await this.advance(Math.max(0, next.until - this.#now))
    return true
  }

  #earliest(limit: number): Sleeper | undefined {
    let found: Sleeper | undefined
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > limit) continue
      if (
        found === undefined ||
        sleeper.until < found.until ||
        (sleeper.until === found.until && sleeper.order < found.order)
      ) {
        found = sleeper
      }
    }
    return found
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

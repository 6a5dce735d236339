import type { Clock } from '../../model/clock.ts'

export interface Happening {
  /** Milliseconds since the beginning. */
  readonly at: number
  cancel(): void
}

interface Entry {
  readonly at: number
  readonly happen: () => void
}

// The wall time at which every history begins: 2026-01-05T08:00:00Z, a Monday.
const BEGINNING = Date.UTC(2026, 0, 5, 8)

/** Happenings come in the order of their times, those of the same time in the order in which they were set, and what one of them starts comes to rest before the next one. */
export class Timeline {
  #now = 0
  readonly #entries = new Set<Entry>()

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.#now
  }

  get coming(): number {
    return this.#entries.size
  }

  after(milliseconds: number, happen: () => void): Happening {
    const entry = { at: this.#now + Math.max(0, milliseconds), happen }
    this.#entries.add(entry)
    return { at: entry.at, cancel: () => this.#entries.delete(entry) }
  }

  /** When the next one comes; undefined where none does. */
  get dueAt(): number | undefined {
    return this.#earliest()?.at
  }

  async next(): Promise<boolean> {
    const entry = this.#earliest()
    if (entry === undefined) return false
    this.#entries.delete(entry)
    this.#now = Math.max(this.#now, entry.at)
    entry.happen()
    await atRest()
    return true
  }

  /** Lets time pass in which nothing happens. */
  passTo(time: number): void {
    this.#now = Math.max(this.#now, time)
  }

  clock(): Clock {
    return {
      now: () => BEGINNING + this.#now,
      monotonic: () => this.#now,
      sleep: (milliseconds, signal) => sleepOn(this, milliseconds, signal),
    }
  }

  #earliest() {
    let first: Entry | undefined
    for (const entry of this.#entries) if (first === undefined || entry.at < first.at) first = entry
    return first
  }
}

/** Resolves after a time of the timeline; rejects with the signal's reason when it is aborted first. */
export function sleepOn(timeline: Timeline, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const onAbort = () => {
      happening.cancel()
      reject(signal?.reason)
    }
    const happening = timeline.after(milliseconds, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

export function atRest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

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

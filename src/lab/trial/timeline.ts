import type { Clock } from '../../model/clock.ts'

export interface Happening {
  /** Milliseconds since the beginning. */
  readonly at: number
  cancel(): void
}

interface Entry extends Happening {
  readonly order: number
  readonly happen: () => void
  cancelled: boolean
}

// The wall time at which every history begins: 2026-01-05T08:00:00Z, a Monday.
const BEGINNING = Date.UTC(2026, 0, 5, 8)

/** Happenings come in the order of their times, those of the same time in the order in which they were set, and what one of them starts comes to rest before the next one. */
export class Timeline {
  #now = 0
  #order = 0
  readonly #heap: Entry[] = []

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.#now
  }

  after(milliseconds: number, happen: () => void): Happening {
    const entry: Entry = {
      at: this.#now + Math.max(0, milliseconds),
      order: this.#order,
      happen,
      cancelled: false,
      cancel: () => {
        entry.cancelled = true
      },
    }
    this.#order += 1
    this.#push(entry)
    return entry
  }

  async next(): Promise<boolean> {
    let entry = this.#pop()
    while (entry?.cancelled) entry = this.#pop()
    if (entry === undefined) return false
    this.#now = Math.max(this.#now, entry.at)
    entry.happen()
    await atRest()
    return true
  }

  clock(): Clock {
    return {
      now: () => BEGINNING + this.#now,
      monotonic: () => this.#now,
      sleep: (milliseconds, signal) => sleepOn(this, milliseconds, signal),
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    heap.push(entry)
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.#swapIfEarlier(at, parent)) return
      at = parent
    }
  }

  #pop(): Entry | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    heap[0] = last
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      const child = this.#isEarlier(left + 1, left) ? left + 1 : left
      if (!this.#swapIfEarlier(child, at)) return first
      at = child
    }
  }

  #isEarlier(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]]
    if (one === undefined || other === undefined) return false
    return one.at < other.at || (one.at === other.at && one.order < other.order)
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    const [lower, upper] = [this.#heap[child], this.#heap[parent]]
    if (lower === undefined || upper === undefined || !this.#isEarlier(child, parent)) return false
    this.#heap[child] = upper
    this.#heap[parent] = lower
    return true
  }
}

/** Resolves after a time of the timeline; rejects with the signal's reason when it is aborted first. */
export function sleepOn(timeline: Timeline, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const onAbort = (): void => {
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

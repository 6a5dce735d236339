import type { Clock } from '../../src/model/clock.ts'
import { systemClock } from '../../src/system/system-clock.ts'

/** The clock of the machine, put forward at will: for simulated switches whose commit timer is to run out now. */
export class SkewedClock implements Clock {
  #skew = 0
  readonly #jumps = new Set<() => void>()

  now(): number {
    return systemClock.now() + this.#skew
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#skew
  }

  /** Ends early when the clock is put past its end. */
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const end = this.monotonic() + milliseconds
    const woken = new AbortController()
    const jumped = (): void => {
      if (this.monotonic() >= end) woken.abort()
    }
    this.#jumps.add(jumped)
    try {
      await systemClock.sleep(
        milliseconds,
        signal === undefined ? woken.signal : AbortSignal.any([signal, woken.signal]),
      )
    } catch (error) {
      if (!woken.signal.aborted || signal?.aborted === true) throw error
    } finally {
      this.#jumps.delete(jumped)
    }
  }

  /** Puts the clock forward. */
  jump(milliseconds: number): void {
    this.#skew += milliseconds
    for (const jumped of [...this.#jumps]) jumped()
  }
}

import { type Clock, systemClock } from './sources.ts'

/** For how long a switch holds its answer back for a kill, in seconds: the time of the pause says that the command has been run. */
export const HELD_FOR_KILL = 0.321

/** The clock of the machine, put forward at will: for simulated switches whose commit timer is to run out now. */
export class SkewedClock implements Clock {
  #skew = 0
  readonly #jumps = new Set<() => void>()
  /** Hears of each pause in which a switch holds its answer back. */
  #holding = () => undefined as unknown

  now(): number {
    return systemClock.now() + this.#skew
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#skew
  }

  /** Ends early when the clock is put past its end. */
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds === HELD_FOR_KILL * 1000) this.#holding()
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

  /** Resolves when an answer is held back for the nth time from now on. */
  held(nth: number): Promise<void> {
    let left = nth
    return new Promise((resolve) => {
      this.#holding = () => {
        left -= 1
        if (left === 0) resolve()
      }
    })
  }
}

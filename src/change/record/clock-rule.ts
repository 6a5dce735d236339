import { type Clock, MOST_SKEW } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'

export interface ClockLag {
  /** The highest wall time on any record, ISO 8601 in UTC. */
  readonly latest: string
  /** What the clock says, ISO 8601 in UTC. */
  readonly now: string
}

/** How a clock is behind the newest record; undefined while that is no more than {@link MOST_SKEW}. Times in milliseconds since the epoch. */
export function behind(now: number, latest: string | undefined): ClockLag | undefined {
  if (latest === undefined || Date.parse(latest) - now <= MOST_SKEW) return undefined
  return { latest, now: new Date(now).toISOString() }
}

/**
 * Whether this process may write, by its clock: one that is behind the newest record writes nothing, so that neither it nor the record
 * is wrong unseen. It is asked before the first record only: what a process has begun it ends, whatever becomes of clocks meanwhile.
 */
export class ClockRule {
  readonly #clock: Pick<Clock, 'now'>
  readonly #latest: () => Promise<string | undefined>
  #isSettled = false

  constructor(clock: Pick<Clock, 'now'>, latest: () => Promise<string | undefined>) {
    this.#clock = clock
    this.#latest = latest
  }

  async fault(): Promise<ClockLag | undefined> {
    return this.#isSettled ? undefined : behind(this.#clock.now(), await this.#latest())
  }

  /** Throws `clock` where the clock is behind the newest record. Once it has not, it never does. */
  async require(): Promise<void> {
    if (this.#isSettled) return
    const latest = await this.#latest()
    this.admit(() => latest)
  }

  admit(latest: () => string | undefined): void {
    if (this.#isSettled) return
    const fault = behind(this.#clock.now(), latest())
    if (fault !== undefined) throw clockBehind(fault)
    this.#isSettled = true
  }

  /** Lets this process write whatever its clock says, because a switch may have to be put back. */
  async waive(): Promise<ClockLag | undefined> {
    const fault = await this.fault()
    this.#isSettled = true
    return fault
  }
}

/** The two times of a clock that is behind, in words. */
export function behindWords({ latest, now }: ClockLag): string {
  return `this machine's clock says ${now}, and the newest record of the store is of ${latest}`
}

function clockBehind(fault: ClockLag) {
  return new EosflowError('clock', `${behindWords(fault)}: nothing was written`, {
    hint: "eosflow doctor compares the clocks. Set this machine's clock; if it is right: eosflow audit accept-clock --reason TEXT",
  })
}

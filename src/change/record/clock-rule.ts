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
export function clockRuleOver(clock: Pick<Clock, 'now'>, latest: () => Promise<string | undefined>) {
  let isSettled = false

  async function fault(): Promise<ClockLag | undefined> {
    return isSettled ? undefined : behind(clock.now(), await latest())
  }

  /** Throws `clock` where the clock is behind the newest record. Once it has not, it never does. */
  async function require(): Promise<void> {
    if (isSettled) return
    const known = await latest()
    admit(() => known)
  }

  function admit(known: () => string | undefined): void {
    if (isSettled) return
    const lag = behind(clock.now(), known())
    if (lag !== undefined) throw clockBehind(lag)
    isSettled = true
  }

  /** Lets this process write whatever its clock says, because a switch may have to be put back. */
  async function waive(): Promise<ClockLag | undefined> {
    const lag = await fault()
    isSettled = true
    return lag
  }

  return { fault, require, admit, waive }
}

export type ClockRule = ReturnType<typeof clockRuleOver>

/** The two times of a clock that is behind, in words. */
export function behindWords({ latest, now }: ClockLag): string {
  return `this machine's clock says ${now}, and the newest record of the store is of ${latest}`
}

function clockBehind(fault: ClockLag) {
  return new EosflowError('clock', `${behindWords(fault)}: nothing was written`, {
    hint: "eosflow doctor compares the clocks. Set this machine's clock; if it is right: eosflow audit accept-clock --reason TEXT",
  })
}

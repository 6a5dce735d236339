import type { Clock } from '../../model/clock.ts'
import { startedTimers } from './running-timers.ts'
import type { ExecutionState } from './state.ts'

// How long an act that leads on waits for a store that cannot be reached, in milliseconds.
const LONGEST = 60_000

/** Whether what leads on was to be announced so long ago, at a moment of the monotonic clock, that it must not be done: its process was held up since. */
export function wasHeldUp(asked: number, clock: Pick<Clock, 'monotonic'>): boolean {
  return clock.monotonic() - asked > LONGEST
}

// What is left on the first commit timer of the execution when an act that leads on stops waiting, in milliseconds.
const KEPT_ON_TIMER = 30_000

/** How long an act that leads on may still wait for a store that is away since a moment of the monotonic clock, in milliseconds; at most zero when it may wait no more. */
export function patienceLeft(execution: ExecutionState, since: number, clock: Clock): number {
  const left = since + LONGEST - clock.monotonic()
  const [timer] = startedTimers(execution)
  return timer === undefined ? left : Math.min(left, timer.until - clock.now() - KEPT_ON_TIMER)
}

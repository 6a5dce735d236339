import type { Clock } from '../model/clock.ts'

/** What this process knows of the commit timers of its switches. Nothing of it is kept: after a crash the switches are asked. */
export interface CommitTimers {
  /** A switch has just said how many seconds are left of its timer. */
  saw(device: string, secondsLeft: number): void
  /** How many seconds are left, as the switch last said; undefined where it has not. */
  left(device: string): number | undefined
  /** A confirm took so many milliseconds. */
  tookToConfirm(milliseconds: number): void
  /** The most milliseconds that a confirm took; 0 before the first. */
  readonly slowestConfirm: number
}

/** The commit timers of one execution, by the clock that never jumps. */
export function commitTimers(clock: Pick<Clock, 'monotonic'>): CommitTimers {
  const ends = new Map<string, number>()
  let slowest = 0
  return {
    saw: (device, secondsLeft) => void ends.set(device, clock.monotonic() + secondsLeft * 1000),
    left: (device) => {
      const end = ends.get(device)
      return end === undefined ? undefined : Math.max(0, Math.floor((end - clock.monotonic()) / 1000))
    },
    tookToConfirm: (milliseconds) => {
      slowest = Math.max(slowest, milliseconds)
    },
    get slowestConfirm() {
      return slowest
    },
  }
}

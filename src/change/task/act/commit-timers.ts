import type { Clock } from '../../../model/clock.ts'

export interface CommitTimers {
  /** A switch has just said how many seconds are left of its timer. */
  saw(device: string, secondsLeft: number): void
  /** How many seconds are left, as the switch last said; undefined where it has not. */
  left(device: string): number | undefined
  /** The fewest that are left of any of these switches; undefined where none has said. A list that is asked about again is looked through when one has spoken since. */
  soonest(devices: readonly string[]): number | undefined
  /** A confirm took so many milliseconds. */
  tookToConfirm(milliseconds: number): void
  /** The most milliseconds that a confirm took; 0 before the first. */
  readonly slowestConfirm: number
}

/** The commit timers of one execution, by the clock that never jumps. */
export function commitTimers(clock: Pick<Clock, 'monotonic'>): CommitTimers {
  const ends = new Map<string, number>()
  let first = new WeakMap<readonly string[], number>()
  let slowest = 0
  const leftUntil = (end: number) => Math.max(0, Math.floor((end - clock.monotonic()) / 1000))
  return {
    saw: (device, secondsLeft) => {
      ends.set(device, clock.monotonic() + secondsLeft * 1000)
      first = new WeakMap()
    },
    left: (device) => {
      const end = ends.get(device)
      return end === undefined ? undefined : leftUntil(end)
    },
    soonest: (devices) => {
      const end = first.get(devices) ?? devices.reduce((least, one) => Math.min(least, ends.get(one) ?? least), NEVER)
      first.set(devices, end)
      return end === NEVER ? undefined : leftUntil(end)
    },
    tookToConfirm: (milliseconds) => {
      slowest = Math.max(slowest, milliseconds)
    },
    get slowestConfirm() {
      return slowest
    },
  }
}

const NEVER = Number.POSITIVE_INFINITY

/**
 * The arithmetic of commit timers that validation, plan and execution have in common: how long it takes to push and to confirm
 * so many switches. Saving is no part of it: it comes when no timer runs any more.
 */

export const DEFAULT_ROUND_TRIP = 200

// Round trips to one switch, and milliseconds of this process for it (measured: about 40 for push, verify and confirm together).
interface Handling {
  readonly trips: number
  readonly own: number
}

const PUSH: Handling = { trips: 4, own: 30 }
const CONFIRM: Handling = { trips: 2, own: 20 }
// What one look costs this process, milliseconds: those that are asked at once wait for each other.
const OWN_LOOK = 20

/** A round trip is in milliseconds. */
export interface SwitchBatch {
  readonly switches: number
  readonly concurrency: number
  readonly roundTrip: number
}

/** How long it takes to push them, in seconds. */
export function pushSeconds(handled: SwitchBatch): number {
  return seconds(PUSH, handled)
}

/** How long it takes to confirm them, in seconds. */
export function confirmSeconds(handled: SwitchBatch): number {
  return seconds(CONFIRM, handled)
}

/** The round trip of one switch whose confirm took so many milliseconds. */
export function roundTripOfConfirm(milliseconds: number): number {
  return milliseconds / CONFIRM.trips
}

/**
 * The round trip to count with, of those that a snapshot has measured: the longest, without what the switches waited for
 * each other, since all were asked at once.
 */
export function slowestRoundTrip(measured: readonly number[]): number {
  const alone = measured.toSorted((a, b) => a - b).map((each, before) => each - before * OWN_LOOK)
  return alone.reduce((slowest, each) => Math.max(slowest, each), DEFAULT_ROUND_TRIP)
}

function seconds({ trips, own }: Handling, { switches, concurrency, roundTrip }: SwitchBatch) {
  const rounds = Math.ceil(switches / Math.max(1, concurrency))
  return (rounds * trips * roundTrip + switches * own) / 1000
}

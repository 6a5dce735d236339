import { delayOf, type Schedule } from '../../change/schedule/schedule.ts'
import { type Instants, instantsBetween } from '../../change/schedule/schedule-time.ts'

/** An occurrence that begins at most so much after its instant is on time, in milliseconds: a timer of the system calls by the minute. */
export const ON_TIME = 60_000

/** So many instants are judged at once. */
const AT_ONCE = 1_000

/** Why instants pass without an occurrence. */
export type MissedBecause = 'down' | 'paused' | 'restored'

/** What is known of a schedule at a time. */
export interface ScheduleState {
  /** The highest instant that was decided about, or when the schedule was first seen: only later ones are due. */
  readonly decided: number
  readonly isPaused: boolean
  /** The instant that waits, for the occurrence before or for a window. */
  readonly waiting?: number | undefined
  /** When the store was restored from a backup: an instant up to then may have begun on the part that is lost. */
  readonly restored?: number | undefined
}

/** What is to be done about the instants that are due. All in milliseconds since the epoch, in order. */
export interface ScheduleJudgement {
  readonly missed: readonly number[]
  readonly because: MissedBecause
  /** One that waited, and a later one is due. */
  readonly passed?: number
  /** The one that may begin now. */
  readonly open?: number
  /** Whether more are due than were judged: they are judged next. */
  readonly more: boolean
}

/** The instants of a schedule that are due and not decided about: those whose time has come, with the delay of the schedule. */
export function dueOf(schedule: Schedule, { decided }: Pick<ScheduleState, 'decided'>, now: number): Instants {
  return instantsBetween(schedule, decided, now - delayOf(schedule), AT_ONCE)
}

/**
 * Judges the instants that are due. At most one may begin, the latest: when it is on time, when it has waited since it was, or when the
 * schedule makes up for the latest and it is not too late. All others are missed, and so is each that may have begun before the store was restored. While a schedule is paused none begins, and the latest
 * stays undecided for as long as it may be made up for.
 */
export function judgeDue(schedule: Schedule, known: ScheduleState, now: number): ScheduleJudgement {
  const { instants, more } = dueOf(schedule, known, now)
  const lost = instants.filter((one) => one <= (known.restored ?? Number.NEGATIVE_INFINITY))
  if (lost.length > 0) return { missed: lost, because: 'restored', more: true }
  const { isPaused, waiting } = known
  const because = isPaused ? 'paused' : 'down'
  const last = more ? undefined : instants.at(-1)
  const mayStill = last !== undefined && mayBegin(schedule, last, now)
  const isOpen = last !== undefined && !isPaused && (mayStill || last === waiting || isOnTime(schedule, last, now))
  const staysUndecided = isPaused && mayStill
  const over = last === undefined || isOpen || staysUndecided ? instants.filter((one) => one !== last) : instants
  const passed = isPaused ? undefined : over.find((one) => one === waiting)
  return {
    missed: over.filter((one) => one !== passed),
    because,
    ...(passed === undefined ? {} : { passed }),
    ...(isOpen ? { open: last } : {}),
    more,
  }
}

/** Until when an occurrence that waits for a window may begin, milliseconds since the epoch. */
export function waitsUntil(schedule: Schedule, instant: number): number {
  return instant + delayOf(schedule) + schedule.catchUp * 1000
}

function isOnTime(schedule: Schedule, instant: number, now: number): boolean {
  return now - instant - delayOf(schedule) <= ON_TIME
}

/** Whether the schedule makes up for it. */
function mayBegin(schedule: Schedule, instant: number, now: number): boolean {
  return schedule.missed === 'latest' && now <= waitsUntil(schedule, instant)
}

import { delayOf, type Instants, instantsBetween, nextInstant, type Schedule } from '../../change/schedule/schedule.ts'
import { definedMembers } from '../../model/json.ts'

// An occurrence that begins at most so much after its instant is on time, in milliseconds: a timer of the system calls by the minute.
const ON_TIME = 60_000

// So many instants are judged at once.
const AT_ONCE = 1_000

export type MissedBecause = 'down' | 'paused' | 'restored'

interface ScheduleState {
  readonly decided: number
  readonly isPaused: boolean
  // The instant that waits, for the occurrence before or for a window.
  readonly waiting?: number | undefined
  readonly restored?: number | undefined
}

// All in milliseconds since the epoch, in order.
interface ScheduleJudgement {
  readonly missed: readonly number[]
  readonly because: MissedBecause
  readonly passed?: number
  readonly open?: number
  readonly more: boolean
}

export function dueOf(schedule: Schedule, { decided }: Pick<ScheduleState, 'decided'>, now: number): Instants {
  return instantsBetween(schedule, decided, now - delayOf(schedule), AT_ONCE)
}

/** At most one may begin, the latest: when it is on time, when it has waited since it was, or when the schedule makes up for the latest and it is not too late. All others are missed, and so is each that may have begun before the store was restored. */
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
    ...definedMembers({ passed }),
    ...(isOpen ? { open: last } : {}),
    more,
  }
}

/** Until when an occurrence that waits for a window may begin, milliseconds since the epoch. */
export function waitsUntil(schedule: Schedule, instant: number): number {
  return instant + delayOf(schedule) + schedule.catchUp * 1000
}

function isOnTime(schedule: Schedule, instant: number, now: number) {
  return now - instant - delayOf(schedule) <= ON_TIME
}

function mayBegin(schedule: Schedule, instant: number, now: number) {
  return schedule.missed === 'latest' && now <= waitsUntil(schedule, instant)
}

/** When a schedule is due next, behind what is due already: with `every` by the time since the last instant that was decided about. */
export function nextDue(schedule: Schedule, behind: number, decided: number): number | undefined {
  const { every } = schedule
  const from = every === undefined ? behind : decided + Math.floor((behind - decided) / (every * 1000)) * every * 1000
  const next = nextInstant(schedule, from)
  return next === undefined ? undefined : next + delayOf(schedule)
}

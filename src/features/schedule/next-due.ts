import type { Schedule } from '../../change/schedule/schedule.ts'
import { delayOf } from '../../change/schedule/schedule.ts'
import { nextInstant } from '../../change/schedule/schedule-time.ts'

/** When a schedule is due next, behind what is due already: with `every` by the time since the last instant that was decided about. */
export function nextDue(schedule: Schedule, behind: number, decided: number): number | undefined {
  const { every } = schedule
  const from = every === undefined ? behind : decided + Math.floor((behind - decided) / (every * 1000)) * every * 1000
  const next = nextInstant(schedule, from)
  return next === undefined ? undefined : next + delayOf(schedule)
}

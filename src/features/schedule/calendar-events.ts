import { windowOpenings } from '../../change/policy/window.ts'
import { delayOf, type Schedule } from '../../change/schedule/schedule.ts'
import { instantsBetween } from '../../change/schedule/schedule-time.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { knownSchedules, UNKNOWN_SCHEDULE } from '../../project/history/schedules/known-schedule.ts'
import type { SilentCaller } from '../../project/identity/caller.ts'
import type { CalendarEvent } from '../../report/calendar.ts'
import { requireListing } from './list-schedules.ts'
import { nextDue } from './next-due.ts'

const DAY = 86_400_000
// How far ahead a calendar looks, in milliseconds.
const AHEAD = 56 * DAY
const MOST = 200

/** Throws `not-authorised` as a list of schedules does. */
export async function calendarEvents(app: RecordApp, caller: SilentCaller): Promise<readonly CalendarEvent[]> {
  const schedules = await requireListing(app, caller)
  const now = app.clock.now()
  const ahead = { from: now, to: now + AHEAD }
  const { windows = {}, freezes = [] } = app.project.policy()?.policy ?? {}
  const known = knownSchedules(await app.store.schedules())
  return [
    ...Object.entries(windows).flatMap(([name, window]) =>
      windowOpenings(window, ahead).map(({ from, to }) => event('window', name, `Changes: ${name}`, { from, to })),
    ),
    ...freezes.flatMap(({ name, ...stretch }) => {
      const [from, to] = [Date.parse(stretch.from), Date.parse(stretch.to)]
      return to <= now ? [] : [event('freeze', name, `Freeze: ${name}`, { from, to })]
    }),
    ...schedules.flatMap((one) => {
      const { isPaused, decided } = known.get(one.name) ?? UNKNOWN_SCHEDULE
      if (isPaused) return []
      const what = [one.does, one.workflow ?? one.folder, one.on ?? one.targets]
        .filter((word) => word !== undefined)
        .join(' ')
      return dueAt(one, now, decided).map((from) => event('schedule', one.name, `${one.name}: ${what}`, { from }))
    }),
  ].toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
}

function event(
  kind: string,
  name: string,
  title: string,
  when: { readonly from: number; readonly to?: number },
): CalendarEvent {
  return { id: `${kind}-${name}-${new Date(when.from).toISOString()}@eosflow`, title, ...when }
}

function dueAt(schedule: Schedule, now: number, decided: number) {
  if (schedule.every !== undefined && decided === Number.NEGATIVE_INFINITY) return []
  const delay = delayOf(schedule)
  const first = nextDue(schedule, now, decided)
  if (first === undefined) return []
  const { instants } = instantsBetween(schedule, first - delay, now + AHEAD, MOST - 1)
  return [first, ...instants.map((at) => at + delay)]
}

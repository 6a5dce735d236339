import type { ScheduleLast, ScheduleRow } from '../../report/schedule.ts'
import { MISSED_BECAUSE } from '../../report/schedule-words.ts'
import { delayOf, type Schedule } from '../../schedule/schedule.ts'
import { nextInstant } from '../../schedule/when.ts'
import type { App } from '../app.ts'
import type { Asking } from '../caller.ts'
import { decided, requireAllowed } from '../policy/authority.ts'
import { type KnownSchedule, knownSchedules, UNKNOWN_SCHEDULE } from './known-schedule.ts'
import { aboutSchedule } from './scheduled-change.ts'

/** So many next instants are shown of each. */
const AHEAD = 3

/**
 * The schedules of the project that whoever is calling may start, in the order of the settings. Throws `not-authorised` when there are some
 * and none may be started. Nothing is put on record besides such a denial.
 */
export async function listSchedules(app: App, caller: Asking): Promise<readonly ScheduleRow[]> {
  const { schedules } = app.project.settings
  const seen = schedules.filter((one) => mayStart(app, caller, one))
  const [first] = schedules
  if (first !== undefined && seen.length === 0)
    await requireAllowed(app, caller, 'execution.start', aboutSchedule(app, first))
  return scheduleRows(app, seen)
}

/** Those that somebody may start; none where they may start none. */
export async function startableSchedules(app: App, caller: Asking): Promise<readonly ScheduleRow[]> {
  return scheduleRows(
    app,
    app.project.settings.schedules.filter((one) => mayStart(app, caller, one)),
  )
}

function mayStart(app: App, caller: Asking, schedule: Schedule): boolean {
  const { effect, ground } = decided(app, caller, 'execution.start', aboutSchedule(app, schedule))
  return effect === 'allow' || ground === 'closed'
}

async function scheduleRows({ store, clock }: App, schedules: readonly Schedule[]): Promise<readonly ScheduleRow[]> {
  if (schedules.length === 0) return []
  const known = knownSchedules(await store.schedules())
  return schedules.map((one) => rowOf(one, known.get(one.name) ?? UNKNOWN_SCHEDULE, clock.now()))
}

function rowOf(schedule: Schedule, known: KnownSchedule, now: number): ScheduleRow {
  const { name, does, workflow, on, targets, tz, cron, every } = schedule
  const last = lastOf(known)
  return {
    name,
    does,
    about: [workflow, on ?? targets].filter((word) => word !== undefined).join(' '),
    tz,
    ...(cron === undefined ? {} : { cron }),
    ...(every === undefined ? {} : { every }),
    paused: known.isPaused,
    next: nextOf(schedule, known, now),
    ...(last === undefined ? {} : { last }),
  }
}

function nextOf(schedule: Schedule, { decided: highest }: KnownSchedule, now: number): readonly string[] {
  if (schedule.every !== undefined && highest === Number.NEGATIVE_INFINITY) return []
  const next: string[] = []
  let at = nextInstant(schedule, schedule.every === undefined ? Math.max(highest, now) : highest)
  while (at !== undefined && next.length < AHEAD) {
    if (at > now) next.push(new Date(at + delayOf(schedule)).toISOString())
    at = nextInstant(schedule, at)
  }
  return next
}

function lastOf({ newest, fired, finished }: KnownSchedule): ScheduleLast | undefined {
  if (newest === undefined) return undefined
  const { instant } = newest
  if (newest.type === 'ScheduleSkipped') return { instant, what: 'skipped', reason: newest.reason }
  if (newest.type === 'ScheduleMissed') return { instant, what: 'missed', reason: MISSED_BECAUSE[newest.because] }
  if (finished === undefined || fired?.instant !== instant) return { instant, what: 'running', reason: '' }
  const { outcome, reason, begun } = finished
  return { instant, what: outcome, reason, ...(begun === undefined ? {} : { execution: begun }) }
}

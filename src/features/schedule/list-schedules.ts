import { delayOf, type Schedule } from '../../change/schedule/schedule.ts'
import { nextInstant } from '../../change/schedule/schedule-time.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { type ActSubject, decided, type PolicyContext, requireAllowed } from '../../project/access/policy/authority.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { inventoryOf } from '../../project/doctor/project-section.ts'
import { allSchedules } from '../../project/history/schedules/kept-afters.ts'
import { type KnownSchedule, knownSchedules, UNKNOWN_SCHEDULE } from '../../project/history/schedules/known-schedule.ts'
import type { SilentCaller } from '../../project/identity/caller.ts'
import { MISSED_BECAUSE, type ScheduleLast, type ScheduleRow } from '../../report/phrases/schedule.ts'
import { aboutSchedule } from './scheduled-change.ts'

const AHEAD = 3

/** The schedules of the project that whoever is calling may start, in the order of the settings. Throws `not-authorised` when there are some and none may be started. */
export async function listSchedules(app: RecordApp, caller: SilentCaller): Promise<readonly ScheduleRow[]> {
  return scheduleRows(app, await requireListing(app, caller))
}

/** Throws as {@link listSchedules} does. */
export async function requireListing(app: RecordApp, caller: SilentCaller): Promise<readonly Schedule[]> {
  const schedules = await allSchedules(app)
  const seen = schedules.filter((one) => mayStart(app, caller, one))
  const [first] = schedules
  if (seen.length === 0) await requireStarting(app, caller, first)
  return seen
}

async function requireStarting(app: RecordApp, caller: SilentCaller, schedule: Schedule | undefined) {
  const devices = inventoryOf(app.project)?.devices.map(({ name }) => name) ?? []
  const isOpen = schedule === undefined && devices.some((name) => isAllowed(app, caller, { devices: [name] }))
  if (isOpen) return
  const about = schedule === undefined ? { devices } : aboutSchedule(app, schedule)
  await requireAllowed(app, caller, 'execution.start', about)
}

export async function startableSchedules(app: RecordApp, caller: SilentCaller): Promise<readonly ScheduleRow[]> {
  return scheduleRows(
    app,
    (await allSchedules(app)).filter((one) => mayStart(app, caller, one)),
  )
}

/** Throws as the policy does, on record. */
export async function requireMayStartAll(app: RecordApp, caller: SilentCaller): Promise<void> {
  for (const schedule of app.project.settings.schedules) {
    if (!mayStart(app, caller, schedule))
      await requireAllowed(app, caller, 'execution.start', aboutSchedule(app, schedule))
    await requireMayHaveDone(app, caller, schedule)
  }
}

/** Throws as the policy does, on record. */
export async function requireMayStart(app: RecordApp, caller: SilentCaller, schedule: Schedule): Promise<void> {
  await requireAllowed(app, caller, 'execution.start', aboutSchedule(app, schedule))
  await requireMayHaveDone(app, caller, schedule)
}

async function requireMayHaveDone(app: RecordApp, caller: SilentCaller, schedule: Schedule) {
  if (schedule.baseline === true) await requireAllowed(app, caller, 'baseline.set', aboutSchedule(app, schedule))
  if (schedule.does !== 'run' || caller.principal.kind !== 'agent') return
  await requireAllowed(app, caller, 'task.push', aboutSchedule(app, schedule))
}

function mayStart(app: RecordApp, caller: SilentCaller, schedule: Schedule) {
  return isAllowed(app, caller, aboutSchedule(app, schedule))
}

function isAllowed(app: PolicyContext, caller: SilentCaller, about: ActSubject) {
  const { effect, ground } = decided(app, caller, 'execution.start', about)
  return effect === 'allow' || ground === 'closed'
}

async function scheduleRows(
  { store, clock }: RecordApp,
  schedules: readonly Schedule[],
): Promise<readonly ScheduleRow[]> {
  if (schedules.length === 0) return []
  const known = knownSchedules(await store.schedules())
  return schedules.map((one) => rowOf(one, known.get(one.name) ?? UNKNOWN_SCHEDULE, clock.now()))
}

function rowOf(schedule: Schedule, known: KnownSchedule, now: number): ScheduleRow {
  const { name, does, workflow, folder, on, targets, tz, cron, every, after } = schedule
  const last = lastOf(known)
  return {
    name,
    does,
    about: [workflow ?? folder, on ?? targets, after?.devices.join(' ')].filter((word) => word !== undefined).join(' '),
    tz,
    ...definedMembers({ cron, every }),
    ...(after === undefined ? {} : { execution: after.execution, until: after.until }),
    paused: known.isPaused,
    next: nextOf(schedule, known, now),
    ...definedMembers({ last }),
  }
}

function nextOf(schedule: Schedule, { decided: highest }: KnownSchedule, now: number) {
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
  return { instant, what: outcome, reason, ...definedMembers({ execution: begun }) }
}

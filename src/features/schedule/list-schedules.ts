import { type PreparedChange, prepare } from '../../change/plan/prepare.ts'
import { windowOpenings } from '../../change/policy/window.ts'
import { afterName, delayOf, instantsBetween, nextInstant, type Schedule } from '../../change/schedule/schedule.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import type { Scope } from '../../model/principal.ts'
import {
  type ActSubject,
  decided,
  type PolicyContext,
  requireAllowed,
  writeAllowed,
} from '../../project/access/policy/authority.ts'
import { aboutChange } from '../../project/access/policy/entry.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { inventoryOf } from '../../project/authoring/validate/settings-in-project.ts'
import { loadWorkflow } from '../../project/files/load-workflow.ts'
import { paramsWithSecret } from '../../project/files/params-with-secret.ts'
import {
  allSchedules,
  type KnownSchedule,
  keptAfters,
  knownSchedules,
  UNKNOWN_SCHEDULE,
} from '../../project/history/schedules/known-schedule.ts'
import type { SilentCaller } from '../../project/identity/caller-of.ts'
import { chosenDevices } from '../../project/switches/inventory/tell-warnings.ts'
import { InputError, inputError, orProblems } from '../../project/system/process/input-error.ts'
import type { CalendarEvent } from '../../report/calendar.ts'
import { MISSED_BECAUSE, type ScheduleLast, type ScheduleRow } from '../../report/phrases/schedule.ts'
import { locatedNowhere } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { nextDue } from './judge.ts'

/** Throws InputError. */
export function scheduledChange(app: RecordApp, { name, workflow = '', params, targets }: Schedule): PreparedChange {
  const { project } = app
  const given = Object.fromEntries(
    Object.entries(params).map(([key, value]) => {
      return [key, typeof value === 'string' ? value : locatedNowhere(value as Json, `params.${key}`)] as const
    }),
  )
  const secret = paramsWithSecret(app, given)
  if (secret.length > 0) {
    const message = `a parameter of the schedule ${name} holds a secret of this project: ${secret.join(', ')}`
    const hint = 'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.'
    throw inputError('eosflow.yaml', 'secret-parameter', message, hint)
  }
  return orProblems(
    prepare({
      workflow: loadWorkflow(project, workflow),
      given,
      inventory: project.inventory(),
      files: project.files,
      ...definedMembers({ only: targets }),
    }),
  )
}

/** Throws InputError for a bad inventory. */
export function aboutSchedule(app: RecordApp, schedule: Schedule): ActSubject {
  const { workflow, on, after, does } = schedule
  if (after !== undefined) {
    const known = new Set(app.project.inventory().devices.map(({ name }) => name))
    return { devices: after.devices.filter((name) => known.has(name)) }
  }
  const all = (): ActSubject => ({ devices: app.project.inventory().devices.map(({ name }) => name) })
  try {
    if (workflow !== undefined && does !== 'comply') return aboutChange(scheduledChange(app, schedule))
    const devices = chosenDevices(app.project.inventory(), on).map(({ name }) => name)
    return workflow === undefined ? { devices } : { devices, workflow }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return workflow === undefined ? all() : { ...all(), workflow }
  }
}

const AHEAD = 3

/** The schedules of the project that whoever is calling may start, in the order of the settings. Throws `not-authorised` when there are some and none may be started. */
export async function listSchedules(app: RecordApp, caller: SilentCaller): Promise<readonly ScheduleRow[]> {
  return scheduleRows(app, await requireListing(app, caller))
}

// Throws as {@link listSchedules} does.
async function requireListing(app: RecordApp, caller: SilentCaller) {
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
    if (!mayStart(app, caller, schedule)) await requireOf(app, caller, 'execution.start', schedule)
    await requireMayHaveDone(app, caller, schedule)
  }
}

/** Throws as the policy does, on record. */
export async function requireMayStart(app: RecordApp, caller: SilentCaller, schedule: Schedule): Promise<void> {
  await requireOf(app, caller, 'execution.start', schedule)
  await requireMayHaveDone(app, caller, schedule)
}

async function requireMayHaveDone(app: RecordApp, caller: SilentCaller, schedule: Schedule) {
  if (schedule.baseline === true) await requireOf(app, caller, 'baseline.set', schedule)
  if (schedule.does !== 'run' || caller.principal.kind !== 'agent') return
  await requireOf(app, caller, 'task.push', schedule)
}

function requireOf(app: RecordApp, caller: SilentCaller, action: Scope, schedule: Schedule) {
  return requireAllowed(app, caller, action, aboutSchedule(app, schedule))
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
    about: joined(workflow ?? folder, on ?? targets, after?.devices.join(' ')),
    tz,
    ...definedMembers({ cron, every }),
    ...(after === undefined ? {} : { execution: after.execution, until: after.until }),
    paused: known.isPaused,
    next: nextOf(schedule, known, now),
    ...definedMembers({ last }),
  }
}

function joined(...words: readonly (string | undefined)[]) {
  return words.filter((word) => word !== undefined).join(' ')
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

interface AfterEndRequest {
  readonly schedule: string
  readonly reason: string
}

/** Ends the after-watch of a change before its time, on record. Throws as the policy does, which is asked whether the caller may start a change of its switches, InputError, and `busy` where it was ended at this moment. */
export async function endAfter(
  app: RecordApp,
  caller: SilentCaller,
  { schedule, reason }: AfterEndRequest,
): Promise<string> {
  const kept = keptAfters(knownSchedules(await app.store.schedules()))
  const meant = kept.find(({ name }) => name === schedule || name === afterName(schedule))
  if (meant === undefined) {
    // Whoever may start none of them reads nothing of which there are.
    const seen = (await listSchedules(app, caller)).map(({ name }) => name)
    throw notKept(
      app,
      schedule,
      kept.filter(({ name }) => seen.includes(name)),
    )
  }
  const { name } = meant
  const allowed = await requireOf(app, caller, 'execution.start', meant)
  const { principal } = caller
  const why = reason === '' ? {} : { reason }
  const claim = await app.claims.claim(`schedule-${name}`)
  try {
    if (!(await claim.renew())) {
      const hint = 'A look takes a few seconds: try again.'
      throw new EosflowError('busy', `${name} is being looked at at this moment`, { hint, retryable: true })
    }
    if (knownSchedules(await app.store.schedules()).get(name)?.when === undefined) return name
    await writeAllowed(app, caller, allowed, (by) => [
      { type: 'ScheduleChanged', schedule: name, change: 'removed', principal, ...why, ...by },
    ])
    return name
  } finally {
    await claim.release()
  }
}

function notKept({ project, words }: Pick<RecordApp, 'project' | 'words'>, word: string, kept: readonly Schedule[]) {
  const isOfSettings = project.settings.schedules.some(({ name }) => name === word)
  if (isOfSettings) {
    const message = 'a schedule of the settings is not ended but deleted'
    const hint = 'Delete it from eosflow.yaml, or pause it in the control room.'
    return inputError(`schedule ${word}`, 'not-after', message, hint)
  }
  const names = kept.map(({ name }) => name)
  const hint = names.length === 0 ? words({ code: 'list-schedules' }) : didYouMean(word, names)
  return inputError(`schedule ${word}`, 'no-such-schedule', 'no change of this name is watched', hint)
}

/** The schedule, or the after-watch, of a name. Throws InputError. */
export async function scheduleNamed(app: Pick<RecordApp, 'project' | 'store'>, name: string): Promise<Schedule> {
  const schedules = await allSchedules(app)
  const found = schedules.find((one) => one.name === name)
  if (found !== undefined) return found
  const names = schedules.map((one) => one.name)
  const hint = names.length === 0 ? 'Add it to eosflow.yaml, under `schedules:`.' : didYouMean(name, names)
  throw inputError(`schedule ${name}`, 'no-such-schedule', 'the project has no schedule of this name', hint)
}

interface PauseRequest {
  readonly schedule: string
  readonly change: 'paused' | 'continued'
  readonly reason: string
}

/** Throws as the policy does, which is asked whether the caller may start what the schedule is for, and InputError. */
export async function pauseSchedule(
  app: RecordApp,
  caller: SilentCaller,
  { schedule, change, reason }: PauseRequest,
): Promise<void> {
  const meant = await scheduleNamed(app, schedule)
  const allowed = await requireOf(app, caller, 'execution.start', meant)
  const known = knownSchedules(await app.store.schedules()).get(schedule)
  if ((known?.isPaused ?? false) === (change === 'paused')) return
  const { principal } = caller
  const why = reason === '' ? {} : { reason }
  await writeAllowed(app, caller, allowed, (by) => [
    { type: 'ScheduleChanged', schedule, change, principal, ...why, ...by },
  ])
}

const DAY = 86_400_000
// How far ahead a calendar looks, in milliseconds.
const CALENDAR_AHEAD = 56 * DAY
const MOST = 200

/** Throws `not-authorised` as a list of schedules does. */
export async function calendarEvents(app: RecordApp, caller: SilentCaller): Promise<readonly CalendarEvent[]> {
  const schedules = await requireListing(app, caller)
  const now = app.clock.now()
  const ahead = { from: now, to: now + CALENDAR_AHEAD }
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
      const what = joined(one.does, one.workflow ?? one.folder, one.on ?? one.targets)
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
  const { instants } = instantsBetween(schedule, first - delay, now + CALENDAR_AHEAD, MOST - 1)
  return [first, ...instants.map((at) => at + delay)]
}

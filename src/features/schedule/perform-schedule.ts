import { resolve } from 'node:path'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { recordedPlan } from '../../change/plan/stored-plan.ts'
import { freezeWords } from '../../change/record/store/freeze.ts'
import type { ScheduledAct } from '../../change/schedule/schedule.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import type { Scope } from '../../model/principal.ts'
import { decided, underSeenPolicy } from '../../project/access/policy/authority.ts'
import { freezesInForce } from '../../project/access/policy/freeze-in-force.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { askedUnder, beginChange, beginOnce, requirePlanning } from '../../project/execution/begin/begin-change.ts'
import { carryOutToRest } from '../../project/execution/run/carry-out.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { askedChecks, isGood, verifySwitches } from '../../project/switches/check/asked-checks.ts'
import { driftOfSwitches } from '../../project/switches/drift/drift-of-switches.ts'
import { takeSnapshot } from '../../project/switches/snapshot/take-snapshot.ts'
import { SERVER_CLAIM } from '../../project/system/process/server-claim.ts'
import { backupWords } from '../../report/backup/formats.ts'
import { baselineWords } from '../../report/baseline-words.ts'
import { complyWords, sumOfCompliance } from '../../report/comply/comply.ts'
import { driftWords, sumOfDrift } from '../../report/drift/drift.ts'
import type { ScheduleRow } from '../../report/phrases/schedule.ts'
import { type Rehearsal, rehearsalVerdict } from '../../report/rehearsal/rehearsal.ts'
import { switches } from '../../report/text/text.ts'
import { backUp } from '../backup/back-up.ts'
import { requireInside } from '../backup/backup-folder.ts'
import { comply } from '../comply/comply.ts'
import {
  aboutSchedule,
  listSchedules,
  requireMayStart,
  requireMayStartAll,
  scheduledChange,
  scheduleNamed,
  startableSchedules,
} from './list-schedules.ts'
import { failureOf, type Occurrence, type OccurrenceEnd } from './occurrence.ts'
import { performAfter } from './perform-after.ts'
import { ScheduleRunner } from './schedule-runner.ts'

interface SchedulePorts {
  begin(state: ExecutionState, caller: Caller): Promise<void>
  through(state: ExecutionState, caller: Caller): Promise<ExecutionState>
  rehearse(plan: Plan): Promise<Rehearsal>
}

type Act = (app: App, caller: Caller, occurrence: Occurrence, ports: SchedulePorts) => Promise<OccurrenceEnd>

// Throws what the act throws.
function performSchedule(
  app: App,
  caller: Caller,
  occurrence: Occurrence,
  ports: SchedulePorts,
): Promise<OccurrenceEnd> {
  return ACTS[occurrence.schedule.does](app, caller, occurrence, ports)
}

const drift: Act = async (app, caller, { schedule }) => {
  const found = await driftOfSwitches(app, caller, schedule.on)
  const sum = sumOfDrift(found)
  return endOfComparison(found, sum.compared, driftWords(sum), 'not read')
}

const check: Act = async (app, caller, { schedule }) => {
  const asked = await askedChecks(app, { tags: [], only: [], target: schedule.on })
  const verified = await verifySwitches(app, caller, asked, 0)
  const bad = verified.filter((one) => !isGood(one)).map(({ device }) => device)
  if (bad.length === 0) return { outcome: 'ok', reason: `all checks of ${switches(verified.length)} are good` }
  return { outcome: 'failed', reason: `checks are not good on ${bad.join(', ')}` }
}

const snapshot: Act = async (app, caller, { schedule, instant }) => {
  const at = new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  const setsBaseline = schedule.baseline === true
  const taken = await takeSnapshot(app, caller, {
    target: schedule.on,
    name: `${schedule.name}-${at}`,
    // Nobody has looked at what it finds: it ends no notice.
    moves: setsBaseline ? ['baseline.set'] : [],
  })
  const { missing, denied } = taken
  const words = [
    `snapshot ${taken.name} of ${switches(taken.devices.length)}, ${baselineWords(taken)}`,
    ...(denied.length === 0 ? [] : [`not allowed: ${denied.join('; ')}`]),
    ...(missing.length === 0 ? [] : [`not read: ${missing.join(', ')}`]),
  ]
  return { outcome: words.length === 1 ? 'ok' : 'failed', reason: words.join('; ') }
}

const backup: Act = async (app, caller, { schedule }) => {
  const { folder = '', on, recipients = [], commit = false, push = false } = schedule
  const full = resolve(app.project.dir, folder)
  requireInside(app.project.dir, full)
  const made = await backUp(app, caller, {
    folder: full,
    target: on,
    after: undefined,
    form: recipients.length === 0 ? 'redact' : 'age',
    recipients,
    commit: commit || push,
    push,
  })
  const silent = made.switches.flatMap(({ name, state }) => (state === 'failed' ? [name] : []))
  const isRejected = typeof made.push === 'object'
  const reason = [
    `${switches(made.switches.length)} in ${folder}: ${backupWords(made)}`,
    ...(silent.length === 0 ? [] : [`not read: ${silent.join(', ')}`]),
    ...(typeof made.push === 'object' ? [`not pushed: ${made.push.rejected}`] : []),
  ].join('; ')
  return { outcome: silent.length === 0 && !isRejected ? 'ok' : 'failed', reason }
}

const compare: Act = async (app, caller, { schedule: { on, folder, workflow } }) => {
  const { switches: found } = await comply(app, caller, { target: on, folder, workflow })
  const sum = sumOfCompliance(found)
  return endOfComparison(found, sum.compared, complyWords(sum), 'not compared')
}

function endOfComparison(
  found: readonly { readonly name: string; readonly state: string }[],
  compared: number,
  words: string,
  unreadWord: string,
): OccurrenceEnd {
  const named = (state: string) => found.flatMap((one) => (one.state === state ? [one.name] : []))
  const [differ, unread] = [named('differs'), named('unread')]
  const reason = [
    `${switches(found.length)}, ${words}`,
    ...(differ.length === 0 ? [] : [`differs: ${differ.join(', ')}`]),
    ...(unread.length === 0 ? [] : [`${unreadWord}: ${unread.join(', ')}`]),
  ].join('; ')
  return { outcome: unread.length === 0 && compared > 0 ? 'ok' : 'failed', reason }
}

const plan: Act = async (app, caller, occurrence, ports) => {
  const state = await planned(app, caller, occurrence)
  if (typeof state === 'string') return hasBegun(state)
  await ports.begin(state, caller)
  return hasBegun(state.id)
}

const rehearse: Act = async (app, caller, occurrence, ports) => {
  const state = await planned(app, caller, occurrence)
  if (typeof state === 'string') return hasBegun(state)
  const { plan: made, id, outcome } = await ports.through(state, caller)
  if (made === undefined || outcome !== 'planned') {
    return { outcome: 'failed', reason: `execution ${id} has made no plan to rehearse`, begun: id }
  }
  const rehearsal = await ports.rehearse(await recordedPlan(app.store, made.ref))
  const isGood = rehearsal.cells.every(({ ok }) => ok)
  return { outcome: isGood ? 'ok' : 'failed', reason: rehearsalVerdict(rehearsal), begun: id }
}

const run: Act = async (app, caller, { schedule, key }, ports) => {
  const prepared = scheduledChange(app, schedule)
  const made = await beginChange(app, caller, { prepared, request: askedUnder(key, { prepared }) })
  if (made.kind === 'known') return hasBegun(made.id)
  await ports.begin(made.state, caller)
  return hasBegun(made.state.id)
}

const ACTS: Readonly<Record<Occurrence['schedule']['does'], Act>> = {
  drift,
  check,
  snapshot,
  backup,
  comply: compare,
  rehearse,
  plan,
  run,
  after: performAfter,
}

async function planned(app: App, caller: Caller, { schedule, key }: Occurrence) {
  const prepared = scheduledChange(app, schedule)
  const judged = await requirePlanning(app, caller, prepared)
  return beginOnce(app, caller, { purpose: 'plan', judged, prepared, request: askedUnder(key, { prepared }) })
}

function hasBegun(id: string): OccurrenceEnd {
  return { outcome: 'ok', reason: `execution ${id} has begun`, begun: id }
}

interface DueRequest {
  readonly name?: string | undefined
  readonly rehearse: SchedulePorts['rehearse']
}

interface DueEnd {
  readonly rows: readonly ScheduleRow[]
  readonly hasFailed: boolean
}

/** Does what is due, and ends when that is done: nothing waits for the occurrence before or for a window. Throws as the policy does, InputError, and `busy`. */
export async function runDue(app: App, caller: Caller, { name, rehearse }: DueRequest): Promise<DueEnd> {
  const through: SchedulePorts['through'] = (state, who) => carryOutToRest(app, who, state)
  const ports: SchedulePorts = {
    begin: async (state, who) => {
      await through(state, who)
    },
    through,
    rehearse,
  }
  const ends: OccurrenceEnd[] = []
  const acts = scheduleActs(app, caller, ports)
  const runner = new ScheduleRunner({
    app,
    schedules: app.project.settings.schedules,
    mayWait: false,
    calledBy: caller.principal,
    ...acts,
    perform: async (occurrence) => {
      const end = await acts.perform(occurrence).catch(failureOf)
      ends.push(end)
      return end
    },
    failed: (what, error) => caller.tell(`! ${what}: ${messageOf(error)}\n`),
  })
  await listSchedules(app, caller)
  try {
    await begun(app, caller, runner, name)
  } finally {
    // Whatever keeps the next one from beginning: what has begun is seen through.
    await runner.end()
  }
  const rows = await startableSchedules(app, caller)
  return { rows, hasFailed: ends.some(({ outcome }) => outcome === 'failed') }
}

async function begun(app: RecordApp, caller: Caller, runner: ScheduleRunner, name: string | undefined) {
  if (await app.claims.isClaimed(SERVER_CLAIM)) {
    const served = 'a server serves this store and runs its schedules'
    const hint = 'Start it there: on the page of the schedules, or by its API.'
    if (name !== undefined) throw new EosflowError('busy', served, { hint })
    caller.tell(`! ${served}: nothing is done here\n`)
  } else if (name === undefined) {
    await requireMayStartAll(app, caller)
    await runner.look()
  } else await startByHand(app, caller, runner, name)
}

/** Starts a schedule by hand, for somebody who may start what it is for: they are behind whatever it does. Throws as the policy does, and `busy`. */
export async function startByHand(
  app: RecordApp,
  caller: Caller,
  runner: ScheduleRunner,
  name: string,
): Promise<Occurrence> {
  const schedule = await scheduleNamed(app, name)
  await requireMayStart(app, caller, schedule)
  return runner.byHand(schedule, caller.principal)
}

export function scheduleActs(
  app: App,
  console: Omit<Caller, 'principal' | 'begins'>,
  ports: SchedulePorts,
): Pick<ConstructorParameters<typeof ScheduleRunner>[0], 'perform' | 'outside'> {
  const now = async ({ principal }: Occurrence): Promise<App> => {
    return { ...app, project: await underSeenPolicy(app.project, app, { principal }) }
  }
  return {
    perform: async (occurrence) => {
      const caller: Caller = { ...console, principal: occurrence.principal }
      return performSchedule(await now(occurrence), caller, occurrence, ports)
    },
    outside: async (occurrence) => outsideWindow(await now(occurrence), occurrence),
  }
}

// What the policy is asked about an occurrence before it begins.
const NEEDED: Readonly<Record<ScheduledAct, Scope>> = {
  drift: 'task.snapshot',
  check: 'task.verify',
  snapshot: 'task.snapshot',
  backup: 'task.snapshot',
  comply: 'plan.create',
  rehearse: 'plan.create',
  plan: 'plan.create',
  run: 'execution.start',
  after: 'task.snapshot',
}

async function outsideWindow(app: RecordApp, { schedule, principal }: Occurrence) {
  const { does } = schedule
  const [freeze] = does === 'run' ? await freezesInForce(app) : []
  if (freeze !== undefined) return freezeWords(freeze)
  const made = decided(app, { principal }, NEEDED[does], aboutSchedule(app, schedule))
  return made.ground === 'closed' ? made.reason : undefined
}

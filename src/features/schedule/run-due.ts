import { freezeWords } from '../../change/record/store/freeze.ts'
import type { ScheduledAct } from '../../change/schedule/schedule.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import type { Scope } from '../../model/principal.ts'
import { decided } from '../../project/access/policy/authority.ts'
import { freezesInForce } from '../../project/access/policy/freeze-in-force.ts'
import { underSeenPolicy } from '../../project/access/policy/seen-policy.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { carryOutToRest } from '../../project/execution/resume/carry-out.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { SERVER_CLAIM } from '../../project/system/process/server-claim.ts'
import type { ScheduleRow } from '../../report/phrases/schedule.ts'
import { listSchedules, requireMayStart, requireMayStartAll, startableSchedules } from './list-schedules.ts'
import { failureOf, type Occurrence, type OccurrenceEnd } from './occurrence.ts'
import { performSchedule, type SchedulePorts } from './perform-schedule.ts'
import { scheduleNamed } from './schedule-named.ts'
import { ScheduleRunner } from './schedule-runner.ts'
import { aboutSchedule } from './scheduled-change.ts'

export interface DueRequest {
  readonly name?: string | undefined
  readonly rehearse: SchedulePorts['rehearse']
}

export interface DueEnd {
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

import type { ExecutionState } from '../../../change/engine/state.ts'
import { unsettled } from '../../../change/engine/undo.ts'
import { changeRead, siteChangeRead } from '../../../change/plan/change-read.ts'
import type { ShownPlan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { readRecordedPlan } from '../../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../../change/plan/stored-plan.ts'
import { anyReadsChange, type ReadChange } from '../../../change/policy/change-match.ts'
import type { Principal } from '../../../model/principal.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { type ActSubject, type AllowedAct, decided, type PolicyContext, requireAllowed } from './authority.ts'
import { changeTime, leastChangeTime } from './change-time.ts'
import { breakGlassOf } from './demands.ts'

export function aboutExecution({ targets, file }: Pick<ExecutionState, 'targets' | 'file'>): ActSubject {
  return { devices: targets, workflow: file }
}

export function aboutChange({ workflow, devices }: Pick<PreparedChange, 'workflow' | 'devices'>): ActSubject {
  const { rollout, timers, file } = workflow
  const lasts = leastChangeTime({ ...rollout, timers })
  return { devices: devices.map(({ name }) => name), workflow: file, lasts }
}

export function aboutPlan({ content }: Pick<ShownPlan, 'content'>): ActSubject {
  const devices = content.devices.map(({ name }) => name)
  const lasts = changeTime(content, content.waves[0] ?? [])
  return { devices, workflow: content.workflow.file, lasts, change: () => changeRead(content) }
}

/** Throws `stale` for a plan on record that was altered. */
export async function aboutPlanned(
  { project, store }: Pick<PolicyContext, 'project' | 'store'>,
  begun: Pick<ExecutionState, 'targets' | 'file'>,
  folded: () => ExecutionState,
): Promise<ActSubject> {
  const about = aboutExecution(begun)
  const loaded = (project.inForce ?? project).policy()
  const state = loaded !== undefined && anyReadsChange(loaded.policy) ? folded() : undefined
  if (state?.plan === undefined) return about
  const plan = readRecordedPlan(await storedPlan(store, state.plan.ref))
  return { ...about, change: () => changeOf(state, plan) }
}

export function changeOf({ sites }: ExecutionState, { content }: Pick<ShownPlan, 'content'>): ReadChange {
  return sites.part === undefined ? changeRead(content) : siteChangeRead(content)
}

export function mayReadPlan(app: PolicyContext, caller: SilentCaller, plan: ShownPlan): boolean {
  const about = aboutPlan(plan)
  return (['plan.read', 'plan.approve'] as const).some((scope) => decided(app, caller, scope, about).effect === 'allow')
}

/** A denial goes on record and throws `not-authorised`. */
export async function requirePlanSight(app: PolicyContext, caller: SilentCaller, plan: ShownPlan): Promise<void> {
  if (mayReadPlan(app, caller, plan)) return
  await requireAllowed(app, caller, 'plan.read', { ...aboutPlan(plan), plan: plan.digest })
}

/** Where a change is live the one who started it always may: each state is decided anew, so that it goes on as far as the policy lets it and puts the switches back where it does not. */
export async function requireResumable(
  app: PolicyContext,
  caller: SilentCaller,
  state: ExecutionState,
): Promise<AllowedAct | undefined> {
  if (state.purpose === 'plan') return requireAllowed(app, caller, 'plan.create', aboutExecution(state))
  const isLive = unsettled(state).length > 0
  if (isLive && isSame(caller.principal, state.requester)) return undefined
  return requireGoingOn(app, caller, state, isLive)
}

async function requireGoingOn(
  app: PolicyContext,
  caller: SilentCaller,
  state: ExecutionState,
  underway: boolean,
): Promise<AllowedAct> {
  const again = async (): Promise<AllowedAct> => {
    await app.project.published?.renew()
    return requireGoingOn(app, caller, state, underway)
  }
  const about = { ...(await aboutPlanned(app, state, () => state)), underway }
  const made = decided(app, caller, 'execution.start', about)
  if (made.effect === 'allow') return { ...made, again }
  const breakGlass = await breakGlassOf(app, state.id)
  const subject = breakGlass === undefined ? about : { ...about, breakGlass }
  return { ...(await requireAllowed(app, caller, 'execution.start', subject)), again }
}

/** Whoever started it may always put back what it has changed. */
export async function requireStoppable(app: PolicyContext, caller: SilentCaller, state: ExecutionState): Promise<void> {
  if (unsettled(state).length > 0 && isSame(caller.principal, state.requester)) return
  await requireAllowed(app, caller, 'execution.stop', { ...aboutExecution(state), underway: true, brakes: true })
}

function isSame(actor: Principal, starter: Principal | undefined) {
  return starter !== undefined && actor.issuer === starter.issuer && actor.id === starter.id
}

/** Throws `not-authorised` when there are some and none may be read. */
export async function readable<Row extends { readonly state: ExecutionState }>(
  app: PolicyContext,
  caller: SilentCaller,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const judged = rows.map((row) => ({ row, made: decided(app, caller, 'execution.read', aboutExecution(row.state)) }))
  const seen = judged.filter(({ made }) => made.effect === 'allow').map(({ row }) => row)
  const [first] = judged
  if (first === undefined || seen.length > 0) return seen
  await requireAllowed(app, caller, 'execution.read', aboutExecution(first.row.state))
  return []
}

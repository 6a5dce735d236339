import type { Authority, Ruling, StateStart } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { unsettled } from '../../../change/engine/suspend.ts'
import { changeRead, siteChangeRead } from '../../../change/plan/change-read.ts'
import type { Plan, ShownPlan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import type { BreakGlass } from '../../../change/policy/decide.ts'
import { anyReadsChange, type Policy, readsChange } from '../../../change/policy/policy.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import { wasCommitted } from '../../../eos/device/history.ts'
import { EosflowError, problemOf } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Principal, Scope } from '../../../model/principal.ts'
import type { RecordApp } from '../../app/app.ts'
import type { Caller, SilentCaller } from '../../identity/caller-of.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError, problemText } from '../../system/process/input-error.ts'
import {
  type ActSubject,
  type AllowedAct,
  type DecisionOfPolicy,
  decided,
  denialError,
  denialRecord,
  type PolicyContext,
  requireAllowed,
  undecided,
} from './authority.ts'
import { breakGlassOf, changeTime, leastChangeTime } from './demands.ts'
import { type FreezeSource, requireUnfrozen } from './freeze-in-force.ts'

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
  const plan = await recordedPlan(store, state.plan.ref)
  return { ...about, change: () => changeOf(state, plan) }
}

function changeOf({ sites }: ExecutionState, { content }: Pick<ShownPlan, 'content'>) {
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

/** Never rejects: what cannot be decided is denied. */
export function stateAuthority(
  app: PolicyContext,
  caller: SilentCaller,
  breakGlass: BreakGlass | undefined,
): Authority {
  const plans = planReader(app)
  return async (start, state) => {
    const about = {
      devices: start.devices,
      workflow: state.file,
      underway: isLive(start, state),
      ...definedMembers({ breakGlass }),
    }
    try {
      await app.project.published?.renew()
      return await ruling({ app, caller, plans }, start, state, about)
    } catch (error) {
      const ruling = denial(app, caller, start, about, unasked(error))
      return saysItself(error) && ruling.effect === 'deny' ? { ...ruling, error } : ruling
    }
  }
}

interface StateDecision extends DecisionOfPolicy {
  readonly needs?: Scope
}

interface Deciding {
  readonly app: PolicyContext
  readonly caller: SilentCaller
  readonly plans: PlanReader
}

async function ruling(
  { app, caller, plans }: Deciding,
  start: StateStart,
  state: ExecutionState,
  given: ActSubject,
): Promise<Ruling> {
  const { scope, task } = start.state
  const isPush = task === 'push'
  // What puts a change back was allowed together with the push: neither a new policy nor an old login strands a switch.
  if (task === 'rollback' && given.underway === true) return { effect: 'allow' }
  const loaded = app.project.policy()
  if (loaded === undefined) return ruled(app, caller, start, given, decided(app, caller, scope))
  const isSettled = isPush || task === 'approve'
  const reads = anyReadsChange(loaded.policy)
  const plan = isSettled || reads ? await plans(state) : undefined
  const about = plan === undefined || !reads ? given : { ...given, change: () => changeOf(state, plan) }
  const lasts = isPush && plan !== undefined ? changeTime(plan.content, start.devices) : 0
  const whole =
    isSettled && plan !== undefined
      ? ofSettled({ app, caller, policy: loaded.policy }, plan, state, { ...about, lasts })
      : undefined
  if (whole?.effect === 'deny')
    return denial(app, caller, start, { ...about, devices: plan?.content.waves.flat() ?? [] }, whole)
  const made = decided(app, caller, scope, { ...about, lasts })
  return isPush ? withWayBack(app, caller, start, about, made) : ruled(app, caller, start, about, made)
}

function ofSettled(
  { app, caller, policy }: { readonly app: PolicyContext; readonly caller: SilentCaller; readonly policy: Policy },
  plan: Plan,
  state: ExecutionState,
  about: ActSubject,
): StateDecision {
  const isNew = anyReadsChange(policy) && ![...state.devices.values()].some(wasCommitted)
  return (isNew ? notToStart(app, caller, plan, policy, about) : undefined) ?? wholePlan(app, caller, plan, about)
}

function withWayBack(
  app: PolicyContext,
  caller: SilentCaller,
  start: StateStart,
  about: ActSubject,
  made: DecisionOfPolicy,
): Ruling {
  if (made.effect === 'deny') return ruled(app, caller, start, about, made)
  const back = decided(app, caller, 'task.rollback', { ...about, underway: true })
  if (back.effect === 'deny') {
    const reason = `${back.reason}, and nothing is pushed without it`
    return denial(app, caller, start, about, { ...back, needs: 'task.rollback', reason })
  }
  return ruled(app, caller, start, about, made, back.rules)
}

function ruled(
  app: WordedHost,
  caller: SilentCaller,
  start: StateStart,
  about: ActSubject,
  made: DecisionOfPolicy,
  rollback?: readonly string[],
): Ruling {
  if (made.effect === 'deny') return denial(app, caller, start, about, made)
  const { policy, rules } = made
  if (policy === null) return { effect: 'allow' }
  return { effect: 'allow', decision: { policy, rules, ...definedMembers({ rollback }) } }
}

function denial(
  app: WordedHost,
  caller: SilentCaller,
  { state }: StateStart,
  about: ActSubject,
  { needs = state.scope, ...made }: StateDecision,
): Ruling {
  const error = denialError(app, needs, about, made)
  return { effect: 'deny', error, record: denialRecord(caller.principal, needs, about, made) }
}

/** Whether a change of this execution is live on one of the switches, so that only going on or going back settles it. */
export function isLive({ devices }: StateStart, state: ExecutionState): boolean {
  return devices.some((name) => wasCommitted(state.devices.get(name)) && !state.ends.has(name))
}

type PlanReader = (state: ExecutionState) => Promise<Plan | undefined>

// Reads a plan once for all switches: what is stored under one reference never changes, and each timed commit requires that it has not.
function planReader({ store }: PolicyContext): PlanReader {
  let last: { readonly ref: string; readonly plan: Promise<Plan> } | undefined
  return async ({ plan }) => {
    if (plan === undefined) return undefined
    const { ref } = plan
    if (last?.ref !== ref) last = { ref, plan: recordedPlan(store, ref) }
    return last.plan
  }
}

function saysItself(error: unknown): error is EosflowError {
  return error instanceof EosflowError && (error.kind === 'not-authorised' || error.kind === 'stale')
}

function unasked(error: unknown) {
  const why = error instanceof InputError ? error.problems.map(problemText).join('; ') : String(error)
  return undecided(`the policy could not be asked, which is a denial: ${why}`)
}

// A login that was good then may have grown old, so that no other rule is asked again.
function notToStart(
  app: PolicyContext,
  caller: SilentCaller,
  { content: { waves, workflow } }: Plan,
  { rules }: Policy,
  about: ActSubject,
): StateDecision | undefined {
  const made = decided(app, caller, 'execution.start', { ...about, devices: waves.flat(), workflow: workflow.file })
  const isByChange = rules.some(
    (rule) => readsChange(rule) && rule.instead === undefined && made.rules.includes(rule.id),
  )
  const isUndecided = made.ground === 'condition' && made.rules.length === 0
  return made.effect === 'deny' && (isByChange || isUndecided) ? { ...made, needs: 'execution.start' } : undefined
}

function wholePlan(app: PolicyContext, caller: SilentCaller, { content }: Plan, about: ActSubject): StateDecision {
  const { waves, concurrency, workflow } = content
  const devices = waves.flat()
  const needs = 'task.push'
  const made = decided(app, caller, 'task.push', { ...about, devices, workflow: workflow.file, underway: 'demands' })
  if (made.effect === 'deny') return { ...made, needs }
  for (const { by, most, devices: concerned } of made.obligations.concurrency) {
    const all = new Set(concerned)
    const crowded = waves
      .map((wave) => wave.filter((name) => all.has(name)))
      .find((ours) => Math.min(ours.length, concurrency) > most)
    if (crowded !== undefined) {
      const names = crowded.join(', ')
      const reason = `\`${by}\` allows ${most} of these at the same time, and the plan changes more: ${names}`
      return { ...made, needs, effect: 'deny', ground: 'condition', rules: [by], reason }
    }
  }
  return made
}

export interface BrokenGlass {
  readonly breakGlass: BreakGlass
  readonly emergency: Extract<EventBody, { readonly type: 'BreakGlassUsed' }>
  readonly lets: AllowedAct
}

/** Throws `not-authorised` where none is, `window-closed` where each of them heeds freezes and one is in force, and InputError without a policy: there is nothing to go past. */
export async function breakTheGlass(
  app: PolicyContext & FreezeSource,
  caller: Caller,
  reason: string,
  about: ActSubject,
): Promise<BrokenGlass> {
  const loaded = app.project.policy()
  if (loaded === undefined) throw new InputError([nothingToBreak(app)])
  const breakGlass = { reason, since: app.clock.now() }
  const lets = await requireAllowed(app, caller, 'breakglass.use', { ...about, breakGlass })
  const { rules, policy, emergency } = lets
  if (heedFreezes(loaded.policy, rules)) await requireUnfrozen(app)
  const { notify = [], reviewWithin, maxTtl } = emergency ?? {}
  const told = notify.length === 0 ? '' : `; notify: ${notify.join(', ')}`
  caller.tell(
    `the glass is broken (${reason}): no approval and no window is asked for, and all of it is on record${told}\n`,
  )
  return {
    breakGlass,
    lets,
    emergency: {
      type: 'BreakGlassUsed',
      principal: caller.principal,
      needs: 'execution.start',
      reason,
      rules,
      policy: policy ?? '',
      devices: about.devices ?? [],
      ...(notify.length === 0 ? {} : { notify }),
      ...definedMembers({ reviewWithin, maxTtl }),
    },
  }
}

function heedFreezes({ rules }: Policy, allowing: readonly string[]) {
  return rules.filter(({ id }) => allowing.includes(id)).every(({ when }) => when.noFreeze)
}

function nothingToBreak({ words }: PolicyContext) {
  return problemOf(
    words({ code: 'given', input: 'break-glass' }),
    'no-policy',
    'there is no policy to go past',
    words({ code: 'without-break-glass' }),
  )
}

/** An application that is asked a thousand times for one answer: the files of its policy and of its inventory are read once for all of it. */
export function underOnePolicy<A extends RecordApp>(app: A): A {
  const { project } = app
  const { inForce } = project
  const own = { ...project, ...readOnce(project) }
  return { ...app, project: inForce === undefined ? own : { ...own, inForce: { ...inForce, ...readOnce(inForce) } } }
}

function readOnce(
  project: Pick<RecordApp['project'], 'policy' | 'inventory'>,
): Pick<RecordApp['project'], 'policy' | 'inventory'> {
  return { policy: once(() => project.policy()), inventory: once(() => project.inventory()) }
}

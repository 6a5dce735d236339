import type { Authority, Ruling, StateStart } from '../../../change/engine/authority.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { readRecordedPlan } from '../../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../../change/plan/stored-plan.ts'
import { anyReadsChange, readsChange } from '../../../change/policy/change-match.ts'
import { NO_OBLIGATIONS } from '../../../change/policy/obligations.ts'
import type { Policy } from '../../../change/policy/policy.ts'
import type { BreakGlass } from '../../../change/policy/rule-match.ts'
import { wasCommitted } from '../../../eos/device/history.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Scope } from '../../../model/principal.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError, problemText } from '../../system/process/input-error.ts'
import {
  type ActSubject,
  type DecisionOfPolicy,
  decided,
  denialError,
  denialRecord,
  type PolicyContext,
} from './authority.ts'
import { changeTime } from './change-time.ts'
import { changeOf } from './entry.ts'

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
      const ruling = denial(app, caller, start, about, undecided(error))
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
    if (last?.ref !== ref) last = { ref, plan: read(ref) }
    return last.plan
  }
  async function read(ref: string) {
    return readRecordedPlan(await storedPlan(store, ref))
  }
}

function saysItself(error: unknown): error is EosflowError {
  return error instanceof EosflowError && (error.kind === 'not-authorised' || error.kind === 'stale')
}

function undecided(error: unknown): DecisionOfPolicy {
  const why = error instanceof InputError ? error.problems.map(problemText).join('; ') : String(error)
  const reason = `the policy could not be asked, which is a denial: ${why}`
  return { effect: 'deny', ground: 'condition', rules: [], reason, obligations: NO_OBLIGATIONS, policy: null }
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

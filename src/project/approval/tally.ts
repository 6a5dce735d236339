import { readState } from '../../change/engine/fold.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Plan, ShownPlan } from '../../change/plan/plan.ts'
import { type ApprovalCase, type ApprovalStage, countOf, type RecordedUse } from '../../change/policy/approval.ts'
import { type ApprovalDemand, LOCAL_DEMAND } from '../../change/policy/obligations.ts'
import type { Principal } from '../../model/principal.ts'
import { demandsMet } from '../../report/policy/demands-met.ts'
import { termsOf } from '../access/policy/demands.ts'
import type { RecordApp } from '../app/app.ts'
import { type AskedCarry, caseGatherer, trustForRecord } from './case.ts'

export interface ApprovalTally {
  readonly demands: readonly { readonly demand: ApprovalDemand; readonly have: number }[]
  readonly needed: number
  readonly have: number
  readonly isRejected: boolean
}

/** How far the approvals of a plan come where `sender` sends it: counted as they are judged before a commit, so that the own approval of whoever has made the plan, or one of somebody without the role, is none where that does not count. */
export async function approvalTally(
  app: RecordApp,
  plan: ShownPlan,
  state: ExecutionState | undefined,
  sender: Principal,
): Promise<ApprovalTally> {
  return tallyFrom(app, plan, state, sender, await recordedCase(app, plan, state?.id ?? '', sender))
}

/** The same from what is known already: `gathered` is the recorded case of this plan, execution and sender. */
export function tallyFrom(
  app: RecordApp,
  plan: ShownPlan,
  state: ExecutionState | undefined,
  sender: Principal,
  gathered: ApprovalCase,
): ApprovalTally {
  const demands = demandsFor(app, plan, sender)
  const asked = demands.length === 0 ? [LOCAL_DEMAND] : demands
  const facts = state === undefined ? gathered : { ...gathered, moment: momentOf(state, gathered.uses) }
  const counted = asked.map((demand) => ({ demand, have: countOf(demand, facts) }))
  const missing = Math.max(...counted.map(({ demand, have }) => demand.count - have), 0)
  const needed = Math.max(...asked.map(({ count }) => count))
  return {
    demands: demands.length === 0 ? [] : counted,
    needed,
    have: needed - missing,
    isRejected: facts.decisions.some(({ statement }) => statement.decision === 'reject'),
  }
}

/** What the policy and the workflow demand of a plan that `sender` sends; none in local mode. */
export function demandsFor(app: RecordApp, plan: ShownPlan, sender: Principal): readonly ApprovalDemand[] {
  const terms = termsOf(app, { principal: sender })
  return terms.policy === null ? [] : terms.demandsOn(plan, plan.content.approve !== null)
}

/** `caller` is who sends one that nobody has asked for. */
export async function tallyOnRecord(
  app: RecordApp,
  caller: Principal,
  { plan, execution }: { readonly plan: ShownPlan; readonly execution: string },
): Promise<ApprovalTally> {
  const state = await readState(app.store, execution)
  return approvalTally(app, plan, state, state.requester ?? caller)
}

// What was enough for a push is not counted anew because time has passed since; what is waited for is, and what another one used.
function momentOf({ id, scopes, status, purpose }: ExecutionState, uses: readonly RecordedUse[]): ApprovalStage {
  const isAwaited = [...scopes.values()].some(({ phase, token }) => phase === 'waiting' && token === undefined)
  if (isAwaited) return 'start'
  const isOver = status === 'ended' && purpose === 'run'
  return isOver || uses.some(({ execution }) => execution === id) ? 'confirm' : 'start'
}

/** `asked`: whose approvals may carry to it. */
export function recordedCase(
  app: RecordApp,
  plan: ShownPlan,
  execution: string,
  sender: Principal,
  asked?: AskedCarry,
): Promise<ApprovalCase> {
  const terms = termsOf(app, { principal: sender })
  return caseGatherer<ShownPlan>({
    app,
    caller: { principal: sender },
    terms: () => terms,
    definition: () => () => plan.content.workflow.digest,
    moved: () => [],
    demands: () => ({}),
    trust: () => trustForRecord(app),
    isShownOnly: true,
    asked,
  })({
    moment: 'start',
    plan,
    recomputed: plan.digest,
    execution,
    starter: sender,
    isAsked: plan.content.approve !== null,
  })
}

export async function stillMissing(
  app: RecordApp,
  caller: Principal,
  { plan, execution }: { readonly plan: Plan; readonly execution?: string | undefined },
): Promise<readonly string[]> {
  const [requester = caller] = plan.content.requesters
  const { have, needed, demands } =
    execution === undefined
      ? await approvalTally(app, plan, undefined, requester)
      : await tallyOnRecord(app, caller, { plan, execution })
  if (have >= needed) return []
  const unmet = demandsMet(demands).filter((one) => one.have < one.count)
  if (unmet.length === 0) return [`${have} of ${needed}`]
  return unmet.map(({ words, have: met, count }) => `${met} of ${count} (${words})`)
}

export function enoughOf(missing: readonly string[]): {
  readonly enough: boolean
  readonly missing?: readonly string[]
} {
  return missing.length === 0 ? { enough: true } : { enough: false, missing }
}

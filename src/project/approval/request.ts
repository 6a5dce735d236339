import type { ShownPlan } from '../../change/plan/plan.ts'
import type { Principal } from '../../model/principal.ts'
import { demandWords } from '../../report/policy/explanation.ts'
import { type AllowedAct, type PolicyContext, requireAllowed, writeAllowed } from '../access/policy/authority.ts'
import { aboutPlan } from '../access/policy/entry.ts'
import type { RecordApp } from '../app/app.ts'
import { keptExecutions } from '../history/executions/kept-executions.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { type ApprovalTally, approvalTally } from './case.ts'

export interface ApprovalProgress extends Omit<ApprovalTally, 'demands'> {
  readonly demands: readonly string[]
}

/** Throws `not-authorised`. */
export async function requestApproval(
  app: RecordApp,
  caller: SilentCaller,
  plan: ShownPlan,
  reason: string,
): Promise<void> {
  const allowed = await requireAllowedToRequest(app, caller, plan)
  await writeAllowed(app, caller, allowed, () => [
    {
      type: 'ApprovalRequested',
      plan: plan.digest,
      principal: caller.principal,
      ...(reason === '' ? {} : { reason }),
    },
  ])
}

/** Throws `not-authorised`. */
export async function requireAllowedToRequest(
  app: PolicyContext,
  caller: SilentCaller,
  plan: ShownPlan,
): Promise<AllowedAct> {
  return requireAllowed(app, caller, 'approval.request', { ...aboutPlan(plan), plan: plan.digest })
}

/** Who sends what an agent has planned: the one behind it. */
export function senderFor(principal: Principal): Principal {
  const { onBehalfOf } = principal
  return onBehalfOf === undefined ? principal : { ...onBehalfOf, kind: 'person', auth: principal.auth }
}

/** What is demanded for a plan of an execution where the one behind an agent sends it, and what there is. */
export async function approvalProgress(
  app: RecordApp,
  { principal }: SilentCaller,
  plan: ShownPlan,
  execution: string,
): Promise<ApprovalProgress> {
  const sender = senderFor(principal)
  const { view } = await keptExecutions(app.store).of(execution)
  const { demands, ...tally } = await approvalTally(app, plan, view.execution, sender)
  return { ...tally, demands: [...new Set(demands.map(({ demand }) => demandWords(demand)))] }
}

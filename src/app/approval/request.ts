import type { Plan } from '../../plan/plan.ts'
import { demandWords } from '../../report/policy/decision-words.ts'
import type { App } from '../app.ts'
import type { Asking } from '../caller.ts'
import { requireAllowed } from '../policy/authority.ts'
import { demandsOn } from '../policy/demands.ts'
import { aboutPlan } from '../policy/entry.ts'

/** What a plan needs before somebody sends it, and what it has. */
export interface ApprovalStanding {
  readonly needed: number
  /** Approvals on record, whether or not each of them counts. */
  readonly have: number
  readonly isRejected: boolean
  /** What the policy and the workflow demand, in words. */
  readonly demands: readonly string[]
}

/** Puts on record that somebody asks people to approve a plan. It approves nothing. Throws `not-authorised`. */
export async function requestApproval(app: App, caller: Asking, plan: Plan, reason: string): Promise<void> {
  await requireAllowedToRequest(app, caller, plan)
  await app.store.as(caller.principal).append(undefined, [
    {
      type: 'ApprovalRequested',
      plan: plan.digest,
      principal: caller.principal,
      ...(reason === '' ? {} : { reason }),
    },
  ])
}

/** Requires that somebody may ask for the approval of a plan. A denial goes on record. Throws `not-authorised`. */
export async function requireAllowedToRequest(app: App, caller: Asking, plan: Plan): Promise<void> {
  await requireAllowed(app, caller, 'approval.request', { ...aboutPlan(plan), plan: plan.digest })
}

/** What is demanded for a plan where the one behind an agent sends it, and what there is. */
export async function approvalStanding(app: App, { principal }: Asking, plan: Plan): Promise<ApprovalStanding> {
  const { onBehalfOf } = principal
  const sender = onBehalfOf === undefined ? principal : { ...onBehalfOf, kind: 'person' as const, auth: principal.auth }
  const isAsked = plan.content.approve !== null
  const demands = app.project.policy() === undefined ? [] : demandsOn(app, { principal: sender }, plan, { isAsked })
  const decisions = (await app.store.approvals(plan.digest)).map(({ event }) => event.statement.decision)
  return {
    needed: Math.max(1, ...demands.map(({ count }) => count)),
    have: decisions.filter((one) => one === 'approve').length,
    isRejected: decisions.includes('reject'),
    demands: [...new Set(demands.map(demandWords))],
  }
}

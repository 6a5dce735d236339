import type { ShownPlan } from '../../../change/plan/plan.ts'
import { decideLocal } from '../../../change/policy/decision.ts'
import { LOCAL_DEMAND } from '../../../change/policy/local-demand.ts'
import type { ApprovalDemand } from '../../../change/policy/obligations.ts'
import type { ApprovalStatement } from '../../../model/approval.ts'
import type { Principal } from '../../../model/principal.ts'
import type { DemandQuestion } from './demands.ts'

/** What the policy, as it is now, says about approvals. */
export interface ApprovalTerms {
  /** The digest of the policy, or null in local mode. */
  readonly policy: string | null
  /** Whether approvals of any store are taken. */
  readonly anyStore: boolean
  /** Everything that must be approved. `isAsked`: the workflow itself asks for an approval. */
  demandsOn(
    plan: ShownPlan,
    isAsked: boolean,
    at?: Pick<DemandQuestion, 'device' | 'isLive'>,
  ): readonly ApprovalDemand[]
  /** Whether somebody may decide so about a plan, at the time of the statement. */
  mayDecide(
    statement: Pick<ApprovalStatement, 'decision' | 'notBefore'>,
    signer: Principal,
    plan: ShownPlan,
  ): { readonly effect: 'allow' | 'deny'; readonly reason: string }
  /** What has gone by since the first approval was given, both in milliseconds since the epoch, so that none carries; undefined where nothing has. */
  passedSince(first: number, now: number): string | undefined
  /** The roles that somebody had at a time, milliseconds since the epoch. */
  rolesOf(principal: Principal, at: number): readonly string[]
}

/** The terms without a policy file: any person may decide, and one of them is enough. */
export const localTerms: ApprovalTerms = {
  policy: null,
  anyStore: false,
  demandsOn: (_plan, isAsked) => (isAsked ? [LOCAL_DEMAND] : []),
  mayDecide: ({ decision }, signer) => decideLocal(signer, decision === 'approve' ? 'plan.approve' : 'plan.reject'),
  passedSince: () => undefined,
  rolesOf: () => [],
}

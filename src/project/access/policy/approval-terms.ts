import type { ShownPlan } from '../../../change/plan/plan.ts'
import { decideLocal } from '../../../change/policy/decision.ts'
import { type ApprovalDemand, LOCAL_DEMAND } from '../../../change/policy/obligations.ts'
import type { ApprovalStatement } from '../../../model/approval.ts'
import type { Principal } from '../../../model/principal.ts'
import type { DemandQuestion } from './demands.ts'

export interface ApprovalTerms {
  readonly policy: string | null
  readonly anyStore: boolean
  /** `isAsked`: the workflow itself asks for an approval. */
  demandsOn(
    plan: ShownPlan,
    isAsked: boolean,
    at?: Pick<DemandQuestion, 'device' | 'isLive'>,
  ): readonly ApprovalDemand[]
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

export const localTerms: ApprovalTerms = {
  policy: null,
  anyStore: false,
  demandsOn: (_plan, isAsked) => (isAsked ? [LOCAL_DEMAND] : []),
  mayDecide: ({ decision }, signer) => decideLocal(signer, decision === 'approve' ? 'plan.approve' : 'plan.reject'),
  passedSince: () => undefined,
  rolesOf: () => [],
}

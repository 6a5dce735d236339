import type { ApprovalStatement } from '../../model/approval.ts'
import type { Principal } from '../../model/principal.ts'
import type { Plan } from '../../plan/plan.ts'
import { statementFor } from '../../policy/statement.ts'
import { systemRandom } from '../system-random.ts'

/** How long an approval holds when the workflow does not say, in seconds. */
const DEFAULT_EXPIRES = 14_400

/** For how many milliseconds an approval of a plan holds. */
export function holdsFor({ content }: Plan): number {
  return (content.approve?.expires ?? DEFAULT_EXPIRES) * 1000
}

/** What somebody has decided about a plan. */
export interface Choice {
  readonly decision: 'approve' | 'reject'
  readonly comment: string
  /** How many executions may use it; default 1. */
  readonly maxRuns?: number
}

/** A decision about a plan, made now. */
export function statementOf(plan: Plan, choice: Choice, approver: Principal, now: number): ApprovalStatement {
  const validFor = holdsFor(plan)
  const nonce = systemRandom.hex(16)
  return statementFor({ ...choice, plan: plan.digest, approver, now, validFor, nonce, policy: plan.content.policy })
}

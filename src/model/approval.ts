import type { Principal } from './principal.ts'

/** A person's decision about one plan digest (security 3.2). Times are ISO 8601 in UTC. */
export interface ApprovalStatement {
  readonly v: 1
  readonly kind: 'eosflow.approval'
  readonly plan: string
  readonly decision: 'approve' | 'reject'
  readonly approver: Principal
  readonly notBefore: string
  readonly expires: string
  /** How many executions may use it. */
  readonly maxRuns: 1
  readonly nonce: string
  readonly comment: string
  readonly policy: string | null
}

import type { ApprovalStatement } from '../model/approval.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import { hmac } from '../model/digest.ts'
import type { JsonObject } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'

/** What a person decides, when, and for how long it holds. */
export interface StatementRequest {
  /** The plan digest. */
  readonly plan: string
  readonly decision: 'approve' | 'reject'
  readonly approver: Principal
  /** Wall time in milliseconds since the epoch. */
  readonly now: number
  /** How long the decision holds, in milliseconds. */
  readonly validFor: number
  /** 16 random bytes as hex: what makes the approval usable once. */
  readonly nonce: string
  readonly comment: string
  /** The digest of the policy, or null in local mode. */
  readonly policy: string | null
}

/** Writes a decision down as the statement that is sealed and journalled (security 3.2). */
export function statementFor(request: StatementRequest): ApprovalStatement {
  return {
    v: 1,
    kind: 'eosflow.approval',
    plan: request.plan,
    decision: request.decision,
    approver: request.approver,
    notBefore: new Date(request.now).toISOString(),
    expires: new Date(request.now + request.validFor).toISOString(),
    maxRuns: 1,
    nonce: request.nonce,
    comment: request.comment,
    policy: request.policy,
  }
}

/** The seal on a statement: `hmac:` over its canonical JSON under the install key, so that a row that somebody else wrote into the store is not an approval. */
export function sealOf(key: string, statement: ApprovalStatement): string {
  // Members of an interface that are JSON throughout, which an interface cannot say.
  return hmac(key, canonicalJson(statement as unknown as JsonObject))
}

/** A decision as it was found on record. */
export interface Decision {
  readonly statement: ApprovalStatement
  readonly seal: string
  /** Whether the record that holds it still verifies. */
  readonly intact: boolean
}

/** Everything that the validity of an approval depends on. */
export interface ApprovalCase {
  /** The digest of the plan that is about to be sent, computed from the plan itself. */
  readonly digest: string
  /** All decisions about it on record. */
  readonly decisions: readonly Decision[]
  /** Which executions used which approvals. */
  readonly uses: readonly { readonly nonce: string; readonly execution: string | undefined }[]
  /** Wall time in milliseconds since the epoch. */
  readonly now: number
  /** The highest wall time on record, in milliseconds: a clock that was set back does not revive an approval. */
  readonly highestWallTimeSeen: number
  readonly key: string
  /** The execution that wants to use it. */
  readonly execution: string
}

/** Whether a plan is approved, and if not, why in one sentence. */
export type ApprovalJudgement =
  | { readonly status: 'approved'; readonly approval: ApprovalStatement }
  | { readonly status: 'missing' | 'rejected' | 'expired' | 'used' | 'tampered'; readonly reason: string }

/**
 * Judges the decisions about one plan, at the start of an execution and again right before each timed commit. Fails
 * closed: one record that does not verify is enough to refuse, a reject is final, and only a person's approval counts.
 */
export function judgeApprovals(facts: ApprovalCase): ApprovalJudgement {
  const own = facts.decisions.filter(({ statement }) => statement.plan === facts.digest)
  const genuine = own.filter(({ statement, seal, intact }) => intact && seal === sealOf(facts.key, statement))
  const reject = genuine.find(({ statement }) => statement.decision === 'reject')
  if (reject !== undefined) return { status: 'rejected', reason: rejection(reject.statement) }
  if (genuine.length < own.length) {
    return { status: 'tampered', reason: 'a recorded decision about this plan was altered after it was made' }
  }
  const approvals = genuine.map(({ statement }) => statement).filter(({ approver }) => approver.kind === 'person')
  return usable(approvals, facts)
}

function rejection({ approver, comment }: ApprovalStatement): string {
  return comment === '' ? `${approver.id} rejected this plan` : `${approver.id} rejected this plan: ${comment}`
}

function usable(approvals: readonly ApprovalStatement[], facts: ApprovalCase): ApprovalJudgement {
  if (approvals.length === 0) return { status: 'missing', reason: 'nobody has approved this plan' }
  const now = Math.max(facts.now, facts.highestWallTimeSeen)
  const begun = approvals.filter(({ notBefore }) => now >= Date.parse(notBefore))
  const [future] = approvals
  if (begun.length === 0) return { status: 'missing', reason: `the approval holds only from ${future?.notBefore} on` }
  const live = begun.filter(({ expires }) => now < Date.parse(expires))
  if (live.length === 0) return { status: 'expired', reason: expiry(begun, facts) }
  const free = live.filter(({ nonce }) => !usedByAnother(nonce, facts))
  const [approval] = free.toSorted(byUseThenExpiry(facts))
  if (approval === undefined)
    return { status: 'used', reason: 'the approval was used by another execution; approve the plan again' }
  return { status: 'approved', approval }
}

function expiry(approvals: readonly ApprovalStatement[], { now, highestWallTimeSeen }: ApprovalCase): string {
  const last = approvals
    .map(({ expires }) => expires)
    .toSorted()
    .at(-1)
  const reason = `the approval expired at ${last}`
  if (highestWallTimeSeen <= now) return reason
  return `${reason}; the clock was set back, the newest record is of ${new Date(highestWallTimeSeen).toISOString()}`
}

function usedByAnother(nonce: string, { uses, execution }: ApprovalCase): boolean {
  return uses.some((use) => use.nonce === nonce && use.execution !== execution)
}

/** The approval that this execution already uses first, then the one that holds longest. */
function byUseThenExpiry({ uses }: ApprovalCase): (a: ApprovalStatement, b: ApprovalStatement) => number {
  const used = (statement: ApprovalStatement): number => (uses.some(({ nonce }) => nonce === statement.nonce) ? 1 : 0)
  return (a, b) => used(b) - used(a) || Date.parse(b.expires) - Date.parse(a.expires)
}

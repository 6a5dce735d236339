import type { ApprovalSignature, ApprovalStatement, Condition } from '../../model/approval.ts'
import type { PlanRun } from '../../model/plan-run.ts'
import type { Principal } from '../../model/principal.ts'
import type { ApprovalDemand } from './obligations.ts'

export type Signer =
  | { readonly status: 'proved'; readonly principal: Principal }
  /** The signature is not one over this statement. */
  | { readonly status: 'forged'; readonly reason: string }
  /** The signature is good and the key is nobody's whom the project trusts now. */
  | { readonly status: 'untrusted'; readonly reason: string }

export interface Decision {
  readonly statement: ApprovalStatement
  readonly record: number
  readonly signature?: ApprovalSignature
  readonly seal: string
  readonly intact: boolean
  readonly signer: Signer
  readonly entitled: { readonly effect: 'allow' | 'deny'; readonly reason: string }
  readonly roles: readonly string[]
  /** When this process first saw it: wall time and monotonic time in milliseconds. */
  readonly loaded: { readonly wall: number; readonly monotonic: number }
}

export interface ComparedPart {
  readonly planned: string | null
  readonly found: string | null
}

export interface RecordedUse {
  readonly nonce: string
  readonly execution: string | undefined
}

export interface ShownChange {
  readonly device: string
  readonly base: ComparedPart
  readonly diff: ComparedPart
  readonly shown: ComparedPart
}

/** At a confirm the switch already runs the change under its timer: then neither time nor use matters any more, but whether somebody has taken the approval back, or the right to give it (docs/fault-model.md row 27). */
export type ApprovalStage = 'start' | 'commit' | 'confirm'

export interface UndonePlan {
  /** The execution of it that is taken back; undefined where nobody has said which yet, and the next one is meant. */
  readonly by: string | undefined
  readonly runs: readonly PlanRun[]
  readonly uses: readonly RecordedUse[]
  readonly rejectedBy?: string
}

/** What the approvals of another plan are for a plan that was made again of it (docs/approvals.md#an-approval-that-carries). */
export interface CarryCase {
  readonly plan: string
  readonly nonces: readonly string[]
  /** Every plan to which they have carried, by their digests: whoever rejects one rejects this change. */
  readonly others: readonly string[]
  readonly kinds: readonly string[]
  /** Why they are none for this plan after all; undefined: nothing is wrong. */
  readonly because?: string | undefined
  /** The later plan to which they have carried since; undefined: this one is the last. */
  readonly later?: string | undefined
  /** What has gone by since the first of them was given and ends them all; undefined: nothing. */
  readonly passed?: string | undefined
}

export interface CarryTarget {
  readonly to: string
  readonly seq: number
}

/** Everything that the validity of an approval depends on (docs/approvals.md#what-is-judged). */
export interface ApprovalCase {
  readonly moment: ApprovalStage
  readonly plan: { readonly digest: string; readonly recomputed: string }
  readonly decisions: readonly Decision[]
  readonly demands: readonly ApprovalDemand[]
  readonly requesters: readonly Omit<Principal, 'authenticatedAt'>[]
  readonly people?: readonly string[]
  /** This store, by its id, whether the policy takes approvals that are for another one, and when it was restored from a backup, ISO 8601 in UTC. */
  readonly store: { readonly id: string; readonly any: boolean; readonly restored?: string }
  readonly runners: readonly Principal[]
  readonly uses: readonly RecordedUse[]
  readonly runs: readonly PlanRun[]
  /** The plan that this one takes back, and for which execution; absent for every other plan. */
  readonly undone?: UndonePlan
  /** Whose approvals count for this plan, too; absent for every plan that was not made again of another. */
  readonly carry?: CarryCase
  readonly carriedAway?: CarryTarget | undefined
  /** Wall time in milliseconds since the epoch. */
  readonly now: number
  /** The highest wall time on record, in milliseconds: a clock that was set back does not revive an approval. */
  readonly highestWallTimeSeen: number
  /** Monotonic time in milliseconds: a clock that was set back unseen does not prolong one. */
  readonly monotonic: number
  /** For how many milliseconds the plan lets an approval hold, whatever the approval says. */
  readonly longest: number
  readonly key: string
  /** The install keys before it: the record vouches for when it was written, and nobody else writes there. */
  readonly formerKeys?: readonly string[]
  readonly execution: string
  /**
   * What the plan was made from: the workflow with its files, the policy, this tool and its rules; and what they give for each thing that the plan
   * demands, which is never taken from the plan alone.
   */
  readonly sources: Readonly<
    Record<'the workflow or one of its files' | 'the policy', ComparedPart> &
      Partial<Record<`the version of ${string}`, ComparedPart>> &
      Record<`what the workflow gives for ${string}`, ComparedPart>
  >
  readonly moved: readonly string[]
  readonly change?: ShownChange
}

export interface ApprovalRefusal {
  readonly status: 'missing' | 'rejected' | 'expired' | 'used' | 'unentitled' | 'tampered' | 'stale'
  readonly condition: Condition
  readonly reason: string
  readonly device?: string
}

export interface Use {
  readonly nonce: string
  readonly use: number
  /** The policy takes approvals of any store: other stores may use it once more. */
  readonly anyStore?: true
}

export type ApprovalJudgement =
  | { readonly status: 'approved'; readonly approvals: readonly ApprovalStatement[]; readonly uses: readonly Use[] }
  | ApprovalRefusal

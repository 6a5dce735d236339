import type { ApprovalSignature, ApprovalStatement, Condition } from '../../model/approval.ts'
import type { PlanRun } from '../../model/plan-run.ts'
import type { Principal } from '../../model/principal.ts'
import type { ApprovalDemand } from './obligations.ts'

/** Who made a decision, once its signature was verified and looked up among the keys that the project trusts. */
export type Signer =
  | { readonly status: 'proved'; readonly principal: Principal }
  /** The signature is not one over this statement. */
  | { readonly status: 'forged'; readonly reason: string }
  /** The signature is good and the key is nobody's whom the project trusts now. */
  | { readonly status: 'untrusted'; readonly reason: string }

/** A decision as it was found on record, and what the world outside of the record says about it now. */
export interface Decision {
  readonly statement: ApprovalStatement
  /** Its number on record. */
  readonly record: number
  readonly signature?: ApprovalSignature
  readonly seal: string
  /** Whether the record that holds it still verifies. */
  readonly intact: boolean
  readonly signer: Signer
  /** Whether the present policy lets the signer decide about this plan. */
  readonly entitled: { readonly effect: 'allow' | 'deny'; readonly reason: string }
  /** The signer's roles in the present policy. */
  readonly roles: readonly string[]
  /** When this process first saw it: wall time and monotonic time in milliseconds. */
  readonly loaded: { readonly wall: number; readonly monotonic: number }
}

/** Something as the plan has it, and as it is found now. */
export interface ComparedPart {
  readonly planned: string | null
  readonly found: string | null
}

/** One use of an approval: by which execution. */
export interface RecordedUse {
  readonly nonce: string
  readonly execution: string | undefined
}

/** What a switch shows right before its timed commit, each text by its keyed digest. */
export interface ShownChange {
  readonly device: string
  readonly base: ComparedPart
  readonly diff: ComparedPart
  /** The diff as people have read it. */
  readonly shown: ComparedPart
}

/**
 * When it is judged. At a confirm the switch already runs the change under its timer: then neither time nor use matters any more, but
 * whether somebody has taken the approval back, or the right to give it (docs/fault-model.md row 27).
 */
export type ApprovalStage = 'start' | 'commit' | 'confirm'

/** The plan that an undo takes back. */
export interface UndonePlan {
  /** The execution of it that is taken back; undefined where nobody has said which yet, and the next one is meant. */
  readonly by: string | undefined
  /** The executions that were begun to send it, and which of them have used an approval of it. */
  readonly runs: readonly PlanRun[]
  readonly uses: readonly RecordedUse[]
  /** Who has rejected it, whenever. */
  readonly rejectedBy?: string
}

/** What the approvals of another plan are for a plan that was made again of it (docs/approvals.md#an-approval-that-carries). */
export interface CarryCase {
  /** The plan that people approved, by its digest. */
  readonly plan: string
  /** Which of its approvals have carried, by their nonces. */
  readonly nonces: readonly string[]
  /** Every plan to which they have carried, by their digests: whoever rejects one rejects this change. */
  readonly others: readonly string[]
  /** The kinds of the lines by which the bases differ: a rule has to list each. None where that is not judged. */
  readonly kinds: readonly string[]
  /** Why they are none for this plan after all; undefined: nothing is wrong. */
  readonly because?: string | undefined
  /** The later plan to which they have carried since; undefined: this one is the last. */
  readonly later?: string | undefined
  /** What has gone by since the first of them was given and ends them all; undefined: nothing. */
  readonly passed?: string | undefined
}

/** Where the approvals of a plan have carried to last, and the number of that on record. */
export interface CarryTarget {
  readonly to: string
  readonly seq: number
}

/** Everything that the validity of an approval depends on (docs/approvals.md#what-is-judged). */
export interface ApprovalCase {
  readonly moment: ApprovalStage
  /** The digest that the execution is bound to, and the digest of the plan as it is stored now. */
  readonly plan: { readonly digest: string; readonly recomputed: string }
  /** All decisions about it on record. */
  readonly decisions: readonly Decision[]
  /** Everything that must be approved, each on its own. None: nobody has to be asked. */
  readonly demands: readonly ApprovalDemand[]
  /** Who asked for the plan: all of them. */
  readonly requesters: readonly Omit<Principal, 'authenticatedAt'>[]
  /** The names of the people whose keys are trusted; absent: none. */
  readonly people?: readonly string[]
  /** This store, by its id, whether the policy takes approvals that are for another one, and when it was restored from a backup, ISO 8601 in UTC. */
  readonly store: { readonly id: string; readonly any: boolean; readonly restored?: string }
  /** Who has started the execution and who runs it now. */
  readonly runners: readonly Principal[]
  /** Which executions used which approvals. */
  readonly uses: readonly RecordedUse[]
  /** The executions that were begun to send this plan. */
  readonly runs: readonly PlanRun[]
  /** The plan that this one takes back, and for which execution; absent for every other plan. */
  readonly undone?: UndonePlan
  /** Whose approvals count for this plan, too; absent for every plan that was not made again of another. */
  readonly carry?: CarryCase
  /** Where its own approvals went; absent: nowhere. */
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
  /** The execution that wants to use it. */
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
  /** What of the inventory is no longer what the plan was made from, a sentence each. */
  readonly moved: readonly string[]
  /** What the switch shows; at a commit it has to be there. */
  readonly change?: ShownChange
}

/** Why a plan may not be sent. `missing`: nothing is wrong with what is there, there is not enough of it. */
export interface ApprovalRefusal {
  readonly status: 'missing' | 'rejected' | 'expired' | 'used' | 'unentitled' | 'tampered' | 'stale'
  readonly condition: Condition
  /** One sentence. */
  readonly reason: string
  readonly device?: string
}

/** A use that has to be on record with the intent of the commit. `use` counts the executions that use the approval, from 1. */
export interface Use {
  readonly nonce: string
  readonly use: number
  /** The policy takes approvals of any store: other stores may use it once more. */
  readonly anyStore?: true
}

/** Whether a plan is approved: by which statements, and which of them this execution has still to use. */
export type ApprovalJudgement =
  | { readonly status: 'approved'; readonly approvals: readonly ApprovalStatement[]; readonly uses: readonly Use[] }
  | ApprovalRefusal

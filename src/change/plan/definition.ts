import type { DeviceTarget } from '../../eos/device/transport.ts'
import type { AfterTerms } from '../../model/after.ts'
import type { AroundSpec } from '../../model/around.ts'
import type { ChangeTerms } from '../../model/change-terms.ts'
import type { CheckpointRule } from '../../model/checkpoint-rule.ts'
import type { SigningKey } from '../../model/ed25519.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { JudgeSpec } from '../../model/judge.ts'
import type { PairRule } from '../../model/pair-rule.ts'
import type { Principal } from '../../model/principal.ts'
import type { ProbeSpec } from '../../model/probe.ts'
import type { WaveSize } from '../inventory/waves.ts'
import type { ReadChange } from '../policy/change-match.ts'
import type { RuleReading } from '../policy/explain.ts'
import type { TimerTerms } from '../workflow/timers.ts'
import type { PlannedInvariants } from './invariants.ts'
import type { KnownAdvisories } from './notes.ts'
import type { PlanContent } from './plan.ts'
import type { PlanEvidence } from './plan-evidence.ts'
import type { QuestionPlaces } from './question-places.ts'
import type { CountedGroup } from './under-change.ts'

/** How a plan is sealed, and which store its approvals are for. */
export interface PlanSealing {
  readonly key: SigningKey
  readonly store: string
  /** Whether the policy takes approvals of any store. */
  readonly anyStore: boolean
}

/** Everything a plan takes from the project's files and from who asks for it. Times are in seconds. */
export interface PlanDefinition {
  /** The branch that the inventory was read from; absent: main. */
  readonly branch?: NonNullable<PlanContent['branch']>
  /** Whether the policy has a gate that is not asked about this plan. */
  readonly isGateUnasked?: true
  readonly workflow: {
    readonly name: string
    readonly file: string
    readonly digest: string
    readonly params: JsonObject
    /** The commit that the workflow and its files are of; absent where they are those of the folder. */
    readonly commit?: string
  }
  /** What the change file says that asks for it. Absent: none does. */
  readonly changeFile?: ChangeTerms
  /** What was read of the inventory, sealed, and apart from that where it is written, and the digest of each file that the change is made from. */
  readonly inventory: {
    readonly content: PlanContent['inventory']
    readonly evidence: Pick<PlanEvidence, 'readAt' | 'files'>
  }
  /** The selected switches, in inventory order. */
  readonly targets: readonly DeviceTarget[]
  readonly rollout: {
    /** The sizes of the waves; a percentage is of all selected switches. */
    readonly waves: readonly WaveSize[]
    /** Switches that back each other up, by the value of a tag. */
    readonly redundant: Readonly<Record<string, string>>
    /** Whether redundant switches may share a wave all the same. */
    readonly together: boolean
    /** How two of them are changed. */
    readonly pairs: PairRule
    readonly concurrency: number
    readonly atomic: PlanContent['atomic']
    readonly maxFailures: PlanContent['maxFailures']
    /** Whether it is asked if the other side is fit, and how much its uplinks may carry of what both carry, in percent. */
    readonly fitness?: 'off' | { readonly uplinks?: number }
    /** So many of the switches that change go first, or these of them; watched for `soak` seconds. */
    readonly canary?: { readonly switches: number | readonly string[]; readonly soak?: number }
  }
  /** All switches of the inventory, and the tag of those of which exactly two have the same one. Absent: only the selected ones are known. */
  readonly beside?: { readonly names: readonly string[]; readonly pairs: Readonly<Record<string, string>> }
  /** The groups that budgets of switches under change count, with the selected switches of each. Absent: none. */
  readonly budgets?: readonly CountedGroup[]
  /** What is `derived` is at least so long, and longer where the switches show slower protocol timers. */
  readonly timers: PlanContent['timers'] & {
    readonly derived: { readonly within: boolean; readonly stableFor: boolean }
  }
  /** The parts of the workflow that decide how long commit timers must run. */
  readonly terms: TimerTerms
  readonly checks: Json
  /** The outside judges; absent where there is none. */
  readonly judges?: readonly JudgeSpec[]
  /** What is asked and done around the change; absent where there is nothing. */
  readonly around?: readonly AroundSpec[]
  /** The pairs that are asked while the change is in force; absent where there is none. */
  readonly probes?: readonly ProbeSpec[]
  /** Where the questions of the verification are written; absent where nobody knows. */
  readonly askedAt?: QuestionPlaces
  /** For how long they are judged on after the confirm; absent where they are not. */
  readonly after?: AfterTerms
  readonly approve: PlanContent['approve']
  readonly allow: readonly string[]
  readonly policy: string | null
  /** What the rules of the policy that read the change make of it; absent where none reads it. */
  readonly readByRules?: (change: ReadChange) => readonly RuleReading[]
  /** A rule of the policy lets an approval carry to a plan that is made again: the base is kept. Absent: none does. */
  readonly carries?: true
  /** The plan that people approved and that is made again, by its digest. Absent: none is. */
  readonly rebases?: string
  /** What must hold of the configurations; absent where nothing is demanded. */
  readonly invariants?: PlannedInvariants
  /** The security advisories that lines may switch on. Absent: none is known. */
  readonly advisories?: KnownAdvisories
  /** Whether switches are asked what is behind what changes. Absent: they are not. */
  readonly behind?: boolean
  /** What becomes of the checkpoints that earlier changes have left; without it none is deleted, and the plan says nothing. */
  readonly checkpoints?: CheckpointRule
  /** Takes known secrets out of a text; without it nothing is known. */
  readonly scrub?: (text: string) => string
  /** The name of the credential that changes each selected switch. */
  readonly credentials: Readonly<Record<string, string>>
  /** The tags of the selected switches, where a policy decides by them. */
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** References to secrets that name a version, never values. */
  readonly secretRefs?: readonly string[]
  readonly offline: boolean
  /** What its checks compare with and it does not have, because it was made offline. Absent: nothing. */
  readonly lacked?: readonly string[]
  readonly requester: Principal
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  readonly toolVersion: string
  /** The install key: that of every digest over raw switch text. */
  readonly key: string
  /** Seals the plan, and says which store its approvals are for. Without it the plan is for nobody to use. */
  readonly sealing?: PlanSealing
}

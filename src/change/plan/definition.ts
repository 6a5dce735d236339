import type { DeviceTarget } from '../../eos/device/device.ts'
import type { AfterTerms } from '../../model/after.ts'
import type { AroundSpec } from '../../model/around.ts'
import type { ChangeTerms } from '../../model/change-terms.ts'
import type { CheckpointRule } from '../../model/checkpoint-rule.ts'
import type { SigningKey } from '../../model/ed25519.ts'
import type { Place } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import type { ProbeSpec } from '../../model/probe.ts'
import type { RuleReading } from '../policy/explain.ts'
import type { ReadChange } from '../policy/policy.ts'
import type { Workflow } from '../workflow/definition/workflow.ts'
import type { FilledPart } from '../workflow/definition/workflow-key.ts'
import type { TimerTerms } from '../workflow/timers.ts'
import type { KnownAdvisories } from './advisories.ts'
import type { PlannedInvariants } from './invariants.ts'
import type { PlanContent, PlanEvidence } from './plan.ts'
import type { CountedGroup } from './under-change.ts'

export interface PlanSealing {
  readonly key: SigningKey
  readonly store: string
  readonly anyStore: boolean
}

/** Times are in seconds. */
export interface PlanDefinition {
  readonly branch?: NonNullable<PlanContent['branch']>
  readonly isGateUnasked?: true
  readonly workflow: PlanContent['workflow']
  readonly changeFile?: ChangeTerms
  readonly inventory: {
    readonly content: PlanContent['inventory']
    readonly evidence: Pick<PlanEvidence, 'readAt' | 'files'>
  }
  readonly targets: readonly DeviceTarget[]
  readonly rollout: Omit<Workflow['rollout'], 'keepApart' | 'sites' | 'canary'> & {
    readonly redundant: Readonly<Record<string, string>>
    readonly together: boolean
    /** So many of the switches that change go first, or these of them; watched for `soak` seconds. */
    readonly canary?: { readonly switches: number | readonly string[]; readonly soak?: number }
  }
  readonly beside?: { readonly names: readonly string[]; readonly pairs: Readonly<Record<string, string>> }
  readonly budgets?: readonly CountedGroup[]
  /** What is `derived` is at least so long, and longer where the switches show slower protocol timers. */
  readonly timers: PlanContent['timers'] & {
    readonly derived: { readonly within: boolean; readonly stableFor: boolean }
  }
  readonly terms: TimerTerms
  readonly checks: Json
  /** Its members that are made of keys of features. */
  readonly parts?: readonly FilledPart[]
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
  readonly carries?: true
  readonly rebases?: string
  readonly invariants?: PlannedInvariants
  readonly advisories?: KnownAdvisories
  /** Whether switches are asked what is behind what changes. */
  readonly behind?: boolean
  readonly checkpoints?: CheckpointRule
  readonly scrub?: (text: string) => string
  readonly credentials: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** References to secrets that name a version, never values. */
  readonly secretRefs?: readonly string[]
  readonly offline: boolean
  /** What its checks compare with and it does not have, because it was made offline. */
  readonly lacked?: readonly string[]
  readonly requester: Principal
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  readonly toolVersion: string
  readonly key: string
  readonly sealing?: PlanSealing
}

export interface QuestionPlaces {
  readonly checks: readonly Place[]
  readonly probes: readonly Place[]
}

import type { ChangeLine } from '../../eos/config/diff/changes.ts'
import type { DeviceIdentity } from '../../eos/device/device.ts'
import type { DeviceAddress } from '../../eos/device/transport.ts'
import type { AfterTerms } from '../../model/after.ts'
import type { AroundSpec } from '../../model/around.ts'
import type { ChangeTerms } from '../../model/change-terms.ts'
import type { CheckpointRule } from '../../model/checkpoint-rule.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { JudgeSpec } from '../../model/judge.ts'
import type { ReadBranch } from '../../model/netbox-branch.ts'
import type { Principal } from '../../model/principal.ts'
import type { ProbeSpec } from '../../model/probe.ts'
import type { RuleReading } from '../policy/explain.ts'
import type { GateReading } from '../policy/gate-answer.ts'
import type { PlannedSaying } from './announced-risk.ts'
import type { PlanEvidence } from './plan-evidence.ts'
import type { PlanWarningCode } from './plan-warning-code.ts'
import type { PlannedForeign } from './planned-foreign.ts'

/** Indented as EOS prints it. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' '
  readonly text: string
}

export interface PlannedDevice {
  readonly name: string
  readonly identity: DeviceIdentity
  readonly inventory: PlannedInventory
  readonly base: {
    readonly running: string
    readonly startupEqualsRunning: boolean
    readonly state: string
    /** Digest of the base as the plan keeps it, if a rule of the policy lets an approval carry; absent if none does. */
    readonly kept?: string
  }
  readonly mode: 'merge' | 'replace'
  readonly lines: readonly string[]
  readonly linesHmac: string
  readonly diff: readonly DiffLine[]
  readonly diffHmac: string
  readonly unknownLines: readonly string[]
  /** Computed by the configuration model, because the change holds a line that may not reach a switch before an approval. */
  readonly offline?: true
  /** `boot` lines that differ from the switch's own, redacted: sent last, and no part of the diff. */
  readonly bootLines?: readonly string[]
  readonly said?: readonly PlannedSaying[]
  /** Lines of the switch that stay because the workflow keeps them, each with the blocks that hold it, redacted. */
  readonly kept?: readonly string[]
  readonly foreign?: PlannedForeign
  /** What was not saved before the change, and is saved with it. */
  readonly unsaved?: PlannedUnsaved
}

export interface PlannedInventory {
  readonly address: DeviceAddress
  readonly credential: string
  readonly tags?: Readonly<Record<string, string>>
}

export interface PlannedPair {
  readonly switches: readonly [string, string]
  readonly as: 'together' | 'apart'
  readonly because: string
}

export interface PlannedNeighbor {
  readonly name: string
  readonly of: readonly string[]
  readonly identity: DeviceIdentity
  readonly state: string
  /** HMAC of its running-config, volatile lines aside; absent where that may change. */
  readonly running?: string
  /** Which of `checks` were good on it before the change, by their place in the list. */
  readonly good: readonly number[]
}

export type Requester = Omit<Principal, 'authenticatedAt'>

export interface PlannedReadings {
  /** `vars.asn` is a value, `keys(vars)` the keys of a mapping, `groups.DC1` whether it is in that group; under the switch `*` is which switches there are. */
  readonly read: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly only?: string
  /** Whether exactly these switches were asked for, so that another one that fits is not missing. */
  readonly exact?: true
}

export interface PlanContent {
  readonly v: 3
  readonly kind: 'eosflow.plan'
  readonly rebases?: string
  /** A list, because a machine that plans for somebody asks together with them. */
  readonly requesters: readonly Requester[]
  readonly workflow: {
    readonly name: string
    readonly file: string
    readonly digest: string
    readonly params: JsonObject
    /** The commit that the workflow and its files are of; absent where they are those of the folder. */
    readonly commit?: string
  }
  /** What the change file says that asked for it: which file it was, its ticket, when it may begin and behind what. */
  readonly changeFile?: ChangeTerms
  readonly devices: readonly PlannedDevice[]
  readonly inventory: PlannedReadings
  /** The branch of a NetBox that the inventory was read from, and when that was last synced: it must be merged before the plan is run. */
  readonly branch?: ReadBranch & { readonly source: string }
  readonly waves: readonly (readonly string[])[]
  /** Redundant switches, which keep apart from each other unless the workflow says that they may share a wave. */
  readonly redundant?: readonly (readonly [string, string])[]
  /** Switches of two sides, each of which backs up one of the other side, without a word of theirs which: the sides keep apart from each other unless the workflow says that redundant switches may share a wave. */
  readonly redundantSides?: readonly (readonly [readonly string[], readonly string[]])[]
  /** Redundant switches that share a wave, because the workflow says that they may. */
  readonly together?: readonly (readonly string[])[]
  readonly pairs?: readonly PlannedPair[]
  /** The switches that did not answer before the plan was made: it is not for them. */
  readonly leftOut?: readonly { readonly name: string; readonly by: 'maxFailures' | 'skip-unreachable' }[]
  /** The switches that go before all others, and for how many seconds they must stay good. */
  readonly canary?: { readonly switches: readonly string[]; readonly soak: number }
  readonly concurrency: number
  readonly atomic: 'change' | 'wave' | 'device'
  readonly underChange?: readonly {
    readonly budget: string
    readonly max: number
    readonly switches: readonly string[]
  }[]
  /** Before which switches it is asked whether what backs them up is fit to carry their traffic, and because of which lines: its uplinks must carry less than `uplinks` percent of what both carry. `off`: the workflow does not want it asked. */
  readonly otherSides?:
    | 'off'
    | {
        readonly uplinks: number
        readonly sides: readonly {
          readonly switch: string
          readonly partners: readonly { readonly name: string; readonly because: string }[]
          readonly lines: readonly string[]
          readonly more?: number
        }[]
      }
  readonly maxFailures: number | `${number}%`
  readonly timers: {
    readonly confirmWithin: number
    readonly verifyWithin: number
    readonly stableFor: number
    readonly every: number
  }
  readonly checks: Json
  /** The outside judges that must be content, with all values filled in; absent where there is none. */
  readonly judges?: readonly JudgeSpec[]
  /** What other services are asked before the first push, and what is done at them around the change; absent where there is nothing. */
  readonly around?: readonly AroundSpec[]
  /** They decide nothing; absent where there is none. */
  readonly probes?: readonly ProbeSpec[]
  /** For how long checks and judges are judged on after the confirm; absent where they are not. */
  readonly after?: AfterTerms
  readonly neighbors?: readonly PlannedNeighbor[]
  /** What the workflow demands of an approval: roles of the policy, how many, and whether whoever made the plan may not give one. */
  readonly approve: {
    readonly expires: number
    readonly from?: readonly string[]
    readonly count?: number
    readonly notRequester?: true
  } | null
  readonly onFailure: 'rollback'
  readonly allow: readonly string[]
  readonly policy: string | null
  readonly ruleReadings?: readonly RuleReading[]
  /** What the gate of the policy has said of it, once for each site. */
  readonly gate?: readonly GateReading[]
  /** The digest of the invariants that it was judged by; absent where the project has none. */
  readonly invariants?: string
  /** What becomes of the checkpoints that earlier changes have left: `prune` deletes those that nobody needs. */
  readonly checkpoints?: CheckpointRule
  readonly secretRefs?: readonly string[]
  readonly offline: boolean
  readonly sites?: readonly { readonly site: string; readonly plan: string }[]
  /** Bound as it was found when the plan was made, and never found again: a save elsewhere makes no plan stale. */
  readonly warnings: readonly PlanWarning[]
  readonly tool: {
    readonly version: string
    readonly redaction: number
    readonly volatile: number
    readonly renderer: number
    readonly interpreter: number
  }
}

export type UnwarnedPlan = Omit<PlanContent, 'warnings'>

export interface PlanWarning {
  readonly code: PlanWarningCode
  readonly device?: string
  readonly message: string
}

export interface Plan {
  readonly version: 3
  readonly digest: string
  readonly content: PlanContent
  readonly evidence: PlanEvidence
  readonly seal?: PlanSeal
}

export type ShownPlan = Omit<Plan, 'evidence'> & {
  readonly evidence: Omit<PlanEvidence, 'deviceDiffs' | 'state' | 'blocks'>
}

export interface PlanSeal {
  /** Its plan key: the raw public half, 32 bytes in base64. */
  readonly key: string
  /** `hmac:` over key, digest and evidence, by which whoever shares the install key knows the plan as one of this installation. */
  readonly own: string
  /** Ed25519 over the DSSE PAE of digest, evidence and `own`, in base64. */
  readonly signature: string
}

interface PlannedUnsaved {
  readonly count: number
  readonly lines: readonly ChangeLine[]
}

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

/** A line of our own structural diff, redacted: `+` added, `-` removed, ` ` the unchanged parent that gives it its place. Indented as EOS prints it. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' '
  readonly text: string
}

/** What the plan says about one switch. Everything here is covered by the digest. */
export interface PlannedDevice {
  readonly name: string
  readonly identity: DeviceIdentity
  readonly inventory: PlannedInventory
  readonly base: {
    /** HMAC of the running-config that the plan was made against, volatile lines aside. */
    readonly running: string
    readonly startupEqualsRunning: boolean
    /** Digest of the operational state areas that the snapshot read. */
    readonly state: string
    /** Digest of the base as the plan keeps it, if a rule of the policy lets an approval carry; absent if none does. */
    readonly kept?: string
  }
  readonly mode: 'merge' | 'replace'
  /** The commands to load, redacted, and the HMAC of their raw form. */
  readonly lines: readonly string[]
  readonly linesHmac: string
  /** Our structural diff of the two texts that the switch showed, redacted, and the HMAC of its raw form. Empty: this switch does not change. */
  readonly diff: readonly DiffLine[]
  readonly diffHmac: string
  /** Change lines that no rule of the configuration model knows; merged as they are. */
  readonly unknownLines: readonly string[]
  /** Computed by the configuration model, because the change holds a line that may not reach a switch before an approval. */
  readonly offline?: true
  /** `boot` lines that differ from the switch's own, redacted: sent last, and no part of the diff. */
  readonly bootLines?: readonly string[]
  /** What the switch said while it loaded the change, redacted. Absent where it said nothing. */
  readonly said?: readonly PlannedSaying[]
  /** Lines of the switch that stay because the workflow keeps them, each with the blocks that hold it, redacted. Absent: none. */
  readonly kept?: readonly string[]
  /** What goes and nobody on record has written. Absent: nothing. */
  readonly foreign?: PlannedForeign
  /** What was not saved before the change, and is saved with it. Absent: all was, or nobody knows. */
  readonly unsaved?: PlannedUnsaved
}

/** What the inventory said of a switch. */
export interface PlannedInventory {
  /** Where and how it is reached. */
  readonly address: DeviceAddress
  /** The name of the credential that changes it. */
  readonly credential: string
  /** Its tags, where a policy reads them; absent in local mode. */
  readonly tags?: Readonly<Record<string, string>>
}

/** Two switches that back each other up: committed back to back and confirmed back to back, or in different waves. */
export interface PlannedPair {
  readonly switches: readonly [string, string]
  readonly as: 'together' | 'apart'
  readonly because: string
}

/** A neighbour of switches that change: it is read while they are verified, and must stay good. */
export interface PlannedNeighbor {
  readonly name: string
  /** The switches that change and hear it over LLDP. */
  readonly of: readonly string[]
  readonly identity: DeviceIdentity
  /** Digest of the operational state areas that the snapshot read. */
  readonly state: string
  /** HMAC of its running-config, volatile lines aside; absent where that may change. */
  readonly running?: string
  /** Which of `checks` were good on it before the change, by their place in the list. */
  readonly good: readonly number[]
}

/** Who asked for a plan, without what differs from one login to the next. */
export type Requester = Omit<Principal, 'authenticatedAt'>

/** Which data of the inventory a plan was made from. */
export interface PlannedReadings {
  /**
   * What was read of each switch, by its name: an HMAC of what it was, bound to the switch and the name. `vars.asn` is a value, `keys(vars)` the
   * keys of a mapping, `groups.DC1` whether it is in that group; under the switch `*` is which switches there are.
   */
  readonly read: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The selector that somebody has typed, beside the targets of the workflow. */
  readonly only?: string
  /** Whether exactly these switches were asked for, so that another one that fits is not missing. */
  readonly exact?: true
}

/** Everything that decides what will happen on a switch: this, and only this, is what the digest covers and an approval is bound to. */
export interface PlanContent {
  readonly v: 3
  readonly kind: 'eosflow.plan'
  /** The plan that people approved and that this one was made again of, by its digest: its approvals may count for this one. Absent for every other plan. */
  readonly rebases?: string
  /** Who asked for it. A list, because a machine that plans for somebody asks together with them. */
  readonly requesters: readonly Requester[]
  readonly workflow: {
    readonly name: string
    readonly file: string
    readonly digest: string
    readonly params: JsonObject
    /** The commit that the workflow and its files are of; absent where they are those of the folder. */
    readonly commit?: string
  }
  /** What the change file says that asked for it: which file it was, its ticket, when it may begin and behind what. Absent: no change file did. */
  readonly changeFile?: ChangeTerms
  readonly devices: readonly PlannedDevice[]
  /** The data of the inventory that decided what is in this plan. */
  readonly inventory: PlannedReadings
  /** The branch of a NetBox that the inventory was read from, and when that was last synced: it must be merged before the plan is run. Absent: main. */
  readonly branch?: ReadBranch & { readonly source: string }
  /** The switches that change, in the order they change. */
  readonly waves: readonly (readonly string[])[]
  /** Redundant switches, which keep apart from each other unless the workflow says that they may share a wave. Absent where there is none. */
  readonly redundant?: readonly (readonly [string, string])[]
  /**
   * Switches of two sides, each of which backs up one of the other side, without a word of theirs which: the sides keep apart from each other unless the
   * workflow says that redundant switches may share a wave. Absent where there are none.
   */
  readonly redundantSides?: readonly (readonly [readonly string[], readonly string[]])[]
  /** Redundant switches that share a wave, because the workflow says that they may. */
  readonly together?: readonly (readonly string[])[]
  /** How each two redundant switches that change are changed, and why. Absent: all are kept apart, or there is none. */
  readonly pairs?: readonly PlannedPair[]
  /** The switches that did not answer before the plan was made: it is not for them. Absent where there is none. */
  readonly leftOut?: readonly { readonly name: string; readonly by: 'maxFailures' | 'skip-unreachable' }[]
  /** The switches that go before all others, and for how many seconds they must stay good. */
  readonly canary?: { readonly switches: readonly string[]; readonly soak: number }
  readonly concurrency: number
  readonly atomic: 'change' | 'wave' | 'device'
  /** The budgets of switches under change that count some that change, and these. Absent: none does. */
  readonly underChange?: readonly {
    readonly budget: string
    readonly max: number
    readonly switches: readonly string[]
  }[]
  /**
   * Before which switches it is asked whether what backs them up is fit to carry their traffic, and because of which lines: its uplinks must carry less than
   * `uplinks` percent of what both carry. `off`: the workflow does not want it asked. Absent: no line may take a switch or an uplink down, or nothing backs one up.
   */
  readonly otherSides?:
    | 'off'
    | {
        readonly uplinks: number
        readonly sides: readonly {
          readonly switch: string
          readonly partners: readonly { readonly name: string; readonly because: string }[]
          readonly lines: readonly string[]
          /** How many more lines there are. Absent: none. */
          readonly more?: number
        }[]
      }
  /** How many of the switches that change may fail; a share is rounded down. */
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
  /** Which addresses are asked from which switches while the change is in force, by the user who reads. They decide nothing; absent where there is none. */
  readonly probes?: readonly ProbeSpec[]
  /** For how long checks and judges are judged on after the confirm; absent where they are not. */
  readonly after?: AfterTerms
  /** The neighbours that are watched too; absent where there is none. */
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
  /** What each rule of the policy that reads the change makes of it. Absent: none reads it. */
  readonly ruleReadings?: readonly RuleReading[]
  /** What the gate of the policy has said of it, once for each site. Absent: the policy has none, or it was not asked. */
  readonly gate?: readonly GateReading[]
  /** The digest of the invariants that it was judged by; absent where the project has none. */
  readonly invariants?: string
  /** What becomes of the checkpoints that earlier changes have left: `prune` deletes those that nobody needs. Absent: none is deleted. */
  readonly checkpoints?: CheckpointRule
  /** The references to secrets that name a version: with these the switches are logged in to. Absent where there is none. */
  readonly secretRefs?: readonly string[]
  readonly offline: boolean
  /** The plan of each site that this one is made of, by its digest: only these are approved with it. Absent where one execution makes the change. */
  readonly sites?: readonly { readonly site: string; readonly plan: string }[]
  /** What an approver should know. Bound as it was found when the plan was made, and never found again: a save elsewhere makes no plan stale. */
  readonly warnings: readonly PlanWarning[]
  /** What has made it: the version of eosflow, and those of its rules. */
  readonly tool: {
    readonly version: string
    readonly redaction: number
    readonly volatile: number
    readonly renderer: number
    readonly interpreter: number
  }
}

/** The content of a plan before anything was said about it. */
export type UnwarnedPlan = Omit<PlanContent, 'warnings'>

/** Something about the plan that an approver should know and that does not stop it. */
export interface PlanWarning {
  readonly code: PlanWarningCode
  readonly device?: string
  readonly message: string
}

/** A change plan: settled, digested, approvable. This is the plan file's JSON. */
export interface Plan {
  readonly version: 3
  /** `sha256:` over the canonical JSON of `content`. */
  readonly digest: string
  readonly content: PlanContent
  readonly evidence: PlanEvidence
  /** Vouches for all of it, the evidence too. A plan that nobody has sealed is not run. */
  readonly seal?: PlanSeal
}

/** A plan without what its switches showed when it was made, which is most of it: as it is read to be shown and decided about, and not to be sent. */
export type ShownPlan = Omit<Plan, 'evidence'> & {
  readonly evidence: Omit<PlanEvidence, 'deviceDiffs' | 'state' | 'blocks'>
}

/** What the installation that made a plan says of it. */
export interface PlanSeal {
  /** Its plan key: the raw public half, 32 bytes in base64. */
  readonly key: string
  /** `hmac:` over key, digest and evidence, by which whoever shares the install key knows the plan as one of this installation. */
  readonly own: string
  /** Ed25519 over the DSSE PAE of digest, evidence and `own`, in base64. */
  readonly signature: string
}

/** In which lines running-config differs from startup-config before a change: its confirm saves them too. */
interface PlannedUnsaved {
  readonly count: number
  /** The first of them with lines around them, as the switch prints them, redacted. */
  readonly lines: readonly ChangeLine[]
}

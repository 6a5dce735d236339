import type { Act, ActOutcome, DeviceEnd, Finding } from '../model/act.ts'
import type { ApprovalStatement } from '../model/approval.ts'
import type { ErrorRecord } from '../model/error.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'
import type { Verdict } from '../model/verdict.ts'

export type { ApprovalStatement } from '../model/approval.ts'

/** A large text kept beside the journal: `blob:` and its keyed digest. */
export type ArtefactRef = string

/** How an execution ended. `unknown` wins over everything: a person is needed. */
export type Outcome =
  | 'planned'
  | 'nothing-to-do'
  | 'succeeded'
  | 'refused'
  | 'rolled-back'
  | 'cancelled'
  | 'failed'
  | 'unknown'

/** The body of a journal event. `path` names a scope of the machine: `''` is the root, `RollOutWaves[0].RollOutWave[1]` the second switch of the first wave. */
export type EventBody =
  | {
      readonly type: 'ExecutionStarted'
      readonly purpose: 'plan' | 'run'
      readonly workflow: string
      readonly file: string
      /** Digest of the workflow, its templates and parameters. */
      readonly definition: string
      readonly interpreter: 1
      readonly machine: Json
      readonly params: JsonObject
      readonly requester: Principal
      readonly targets: readonly string[]
      /** The saved plan that answers snapshot and plan, when the execution began from one. */
      readonly plan?: string
    }
  | { readonly type: 'ExecutionResumed' }
  | { readonly type: 'StateEntered'; readonly path: string; readonly state: string }
  | {
      readonly type: 'TaskStarted'
      readonly path: string
      readonly state: string
      readonly attempt: number
      readonly device?: string
    }
  | {
      readonly type: 'TaskSucceeded'
      readonly path: string
      readonly state: string
      readonly output: JsonObject
      readonly device?: string
    }
  | {
      readonly type: 'TaskFailed'
      readonly path: string
      readonly state: string
      readonly error: ErrorRecord
      readonly device?: string
    }
  | { readonly type: 'TaskWaiting'; readonly path: string; readonly state: string; readonly plan: string }
  | { readonly type: 'MapStarted'; readonly path: string; readonly state: string; readonly items: readonly Json[] }
  | { readonly type: 'MapFailed'; readonly path: string; readonly state: string; readonly error: ErrorRecord }
  | { readonly type: 'WaitStarted'; readonly path: string; readonly state: string; readonly until: string }
  | { readonly type: 'StateExited'; readonly path: string; readonly state: string }
  | {
      readonly type: 'PlanMade'
      readonly digest: string
      readonly plan: ArtefactRef
      readonly waves: readonly (readonly string[])[]
      readonly unchanged: readonly string[]
    }
  | { readonly type: 'ApprovalRequested'; readonly plan: string }
  | { readonly type: 'ApprovalDecided'; readonly statement: ApprovalStatement; readonly seal: string }
  | { readonly type: 'ApprovalUsed'; readonly nonce: string; readonly plan: string }
  | {
      readonly type: 'ActIntended'
      readonly device: string
      readonly act: Act
      readonly session: string
      readonly checkpoint?: string
      /** The commit timer, for `arm`. */
      readonly seconds?: number
    }
  | {
      readonly type: 'ActFinished'
      readonly device: string
      readonly act: Act
      readonly session: string
      readonly outcome: ActOutcome
      readonly error?: ErrorRecord
      /** The running-config before the change and the staged candidate, as artefacts. */
      readonly base?: ArtefactRef
      readonly target?: ArtefactRef
    }
  | {
      readonly type: 'DeviceSettled'
      readonly device: string
      /** What the switch itself said when it was asked after a lost answer, a crash or a rollback. */
      readonly found: Finding
      readonly detail: string
    }
  | {
      readonly type: 'VerdictGiven'
      readonly device: string
      readonly check: string
      readonly round: number
      readonly verdict: Verdict
    }
  | { readonly type: 'CompensationStarted'; readonly reason: 'failure' | 'cancelled'; readonly error: ErrorRecord }
  | { readonly type: 'UndoStarted'; readonly device: string }
  | { readonly type: 'UndoFinished'; readonly device: string; readonly end: DeviceEnd; readonly detail: string }
  | {
      readonly type: 'ExecutionEnded'
      readonly outcome: Outcome
      readonly error?: ErrorRecord
      readonly devices: Readonly<Record<string, DeviceEnd>>
    }
  | {
      readonly type: 'SnapshotTaken'
      readonly name: string
      readonly snapshot: ArtefactRef
      readonly devices: readonly string[]
    }

/** What every record of the journal carries beside its body. Events outside an execution have no `execution`. */
export interface Envelope {
  readonly v: 1
  readonly seq: number
  /** ISO 8601 in UTC, by the controller's clock. */
  readonly at: string
  readonly actor: string
  readonly execution?: string
}

/** One record of the journal: at once an event to recover from and an audit record. */
export type JournalEvent = Envelope & EventBody

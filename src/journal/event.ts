import type { DeviceEnd } from '../model/act.ts'
import type { ApprovalSignature, ApprovalStatement, Condition } from '../model/approval.ts'
import type { ErrorRecord } from '../model/error.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'
import type { ArtefactRef } from './artefact-ref.ts'
import type { AuditEventBody } from './audit/audit-event.ts'
import type { DeviceEventBody } from './device-event.ts'
import type { Outcome } from './outcome.ts'
import type { ExecutionResumed } from './resumed-event.ts'
import type { SitesEventBody } from './sites-event.ts'

export type { ApprovalStatement } from '../model/approval.ts'
export type { ArtefactRef } from './artefact-ref.ts'
export type { Outcome } from './outcome.ts'

/** By what a policy allowed the start of a state. */
export interface DecisionRecord {
  /** The digest of the policy. */
  readonly policy: string
  /** The rules that allow it, by name. */
  readonly rules: readonly string[]
  /** For what changes a switch: the rules that allow to put it back. Whatever the policy says later, that may be done. */
  readonly rollback?: readonly string[]
}

/** The body of a journal event. `path` names a scope of the machine: `''` is the root, `RollOutWaves[0].RollOutWave[1]` the second switch of the first wave. */
export type EventBody =
  | {
      readonly type: 'ExecutionStarted'
      readonly purpose: 'plan' | 'run'
      readonly workflow: string
      readonly file: string
      /** Digest of the workflow, its templates and parameters. */
      readonly definition: string
      /** The semantics that the execution is pinned to: 1 had neither expressions nor choices; 2 is the present machine. */
      readonly interpreter: 1 | 2
      readonly machine: Json
      readonly params: JsonObject
      readonly requester: Principal
      readonly targets: readonly string[]
      /** The selector that somebody has typed, or that exactly these were meant; absent where all were that the workflow is for. */
      readonly asked?: { readonly only?: string; readonly exact?: true }
      /** The saved plan that answers snapshot and plan, when the execution began from one. */
      readonly plan?: string
      /** Switches that do not answer are left out of the plan. */
      readonly skipUnreachable?: true
      /** The input of the first state; absent before interpreter 2, where there was none. */
      readonly input?: Json
      /** `Execution` and `StateMachine` of the context object. */
      readonly context?: JsonObject
      /** The network file system that the store lies on, which the settings allow. */
      readonly network?: string
      /** The key under which somebody asked for it, and the digest of what was asked for: no second execution has that key. */
      readonly request?: { readonly key: string; readonly of: string }
      /** The `traceparent` (W3C Trace Context) of its own span; without tracing that of whoever has asked for it. */
      readonly trace?: string
      /** The commit that the workflow and its files are of; absent where they are those of the folder. */
      readonly commit?: string
      /** The digest of the published bundle that they are of. */
      readonly bundle?: string
      /** It changes the switches of one site for an execution over several. */
      readonly part?: { readonly of: string; readonly site: string }
      /** It has an execution of its own for each site of its switches, and does no work on any itself. */
      readonly divided?: true
      /** The site whose workers drive it, where workers do; absent where `part` or `divided` says it. */
      readonly site?: string
    }
  | ExecutionResumed
  /** A person starts an ended execution again from where it failed. */
  | { readonly type: 'ExecutionRedriven' }
  | { readonly type: 'StateEntered'; readonly path: string; readonly state: string }
  /** The state's task is due with these arguments; nothing was begun yet. */
  | {
      readonly type: 'TaskScheduled'
      readonly path: string
      readonly state: string
      readonly attempt: number
      readonly arguments: Json
      readonly timeoutSeconds?: number
      readonly heartbeatSeconds?: number
      readonly device?: string
    }
  | {
      readonly type: 'TaskStarted'
      readonly path: string
      readonly state: string
      readonly attempt: number
      readonly device?: string
      /** By what the policy allowed it; absent without a policy. */
      readonly decision?: DecisionRecord
    }
  | {
      readonly type: 'TaskSucceeded'
      readonly path: string
      readonly state: string
      readonly output: Json
      readonly device?: string
    }
  /** The task has been handed to an outside system, which answers with the token. `token` is the digest of it. */
  | {
      readonly type: 'TaskSubmitted'
      readonly path: string
      readonly state: string
      readonly token: string
      readonly output?: Json
    }
  /** The outside system has shown that it is alive. `signal` is the journal position of what it sent. */
  | { readonly type: 'TaskHeartbeat'; readonly path: string; readonly state: string; readonly signal: number }
  | {
      readonly type: 'TaskFailed'
      readonly path: string
      readonly state: string
      readonly error: ErrorRecord
      readonly device?: string
    }
  /** The task was not done in the time that its state gives it; a write has been waited for. */
  | {
      readonly type: 'TaskTimedOut'
      readonly path: string
      readonly state: string
      readonly error: ErrorRecord
      readonly device?: string
    }
  | { readonly type: 'TaskWaiting'; readonly path: string; readonly state: string; readonly plan: string }
  | {
      readonly type: 'MapStarted'
      readonly path: string
      readonly state: string
      readonly items: readonly Json[]
      /** What each iteration is given, where that is not its item. */
      readonly inputs?: readonly Json[]
      /** 0 is without limit. Absent before interpreter 2, where it is in the machine. */
      readonly maxConcurrency?: number
      /** How many iterations may fail before the Map does. */
      readonly tolerated?: number
    }
  | { readonly type: 'MapFailed'; readonly path: string; readonly state: string; readonly error: ErrorRecord }
  | { readonly type: 'ParallelStarted'; readonly path: string; readonly state: string; readonly input: Json }
  | { readonly type: 'ParallelFailed'; readonly path: string; readonly state: string; readonly error: ErrorRecord }
  | { readonly type: 'WaitStarted'; readonly path: string; readonly state: string; readonly until: string }
  /** An expression had no value, or not the demanded one. */
  | {
      readonly type: 'EvaluationFailed'
      readonly path: string
      readonly state: string
      readonly error: ErrorRecord
      readonly location?: string
    }
  /** The state's work is begun again at `until`; `retrier` is the position of the Retrier whose budget pays. */
  | {
      readonly type: 'RetryScheduled'
      readonly path: string
      readonly state: string
      readonly retrier: number
      readonly attempt: number
      readonly until: string
      readonly error: ErrorRecord
    }
  | {
      readonly type: 'StateExited'
      readonly path: string
      readonly state: string
      /** Absent before interpreter 2. */
      readonly output?: Json
      readonly assigned?: JsonObject
      /** The state that a Choice or a Catcher goes on to, where that is not the state's own `next`. */
      readonly next?: string
      /** The position of the Catcher that took the state's error. */
      readonly caught?: number
    }
  /** The state failed for good: nothing caught it. Its scope fails with it. */
  | { readonly type: 'StateFailed'; readonly path: string; readonly state: string; readonly error: ErrorRecord }
  /** The state was open when a sibling failed, and was ended. */
  | { readonly type: 'StateAborted'; readonly path: string; readonly state: string }
  /** The undo of a write that no switch carries; `write` is the position of its TaskStarted. */
  | { readonly type: 'TaskUndoStarted'; readonly path: string; readonly state: string; readonly write: number }
  | {
      readonly type: 'TaskUndoFinished'
      readonly path: string
      readonly state: string
      readonly write: number
      readonly error?: ErrorRecord
    }
  /** Somebody who holds a task token has answered, or has asked an execution to stop. These are outside the execution, which reads them when it looks. */
  | {
      readonly type: 'SignalSent'
      /** The digest of the token. */
      readonly token: string
      readonly answer:
        | { readonly signal: 'success'; readonly output: Json }
        | { readonly signal: 'failure'; readonly error: string | null; readonly cause: string | null }
        | { readonly signal: 'heartbeat' }
    }
  | { readonly type: 'StopRequested'; readonly stopped: string; readonly reason: string }
  /** Somebody has asked an execution to rest at its next safe point. As a word to stop it stands outside the execution. */
  | { readonly type: 'SuspendRequested'; readonly suspended: string; readonly reason: string }
  /** Somebody has ended the quarantine of a switch, which was for the sake of this execution. */
  | { readonly type: 'DeviceReleased'; readonly device: string; readonly released: string; readonly reason: string }
  | {
      readonly type: 'PlanMade'
      readonly digest: string
      readonly plan: ArtefactRef
      readonly waves: readonly (readonly string[])[]
      readonly unchanged: readonly string[]
      /** What the switches to change ran when the plan was made: a text of references by switch. Absent where it was too much, or not read. */
      readonly bases?: ArtefactRef
      /** The switches that go before all others, whose failure is never tolerated. */
      readonly canaries?: readonly string[]
      /** The switches that the plan is not for, because they did not answer. */
      readonly leftOut?: readonly { readonly name: string; readonly by: 'maxFailures' | 'skip-unreachable' }[]
    }
  /** A switch does not answer, and the execution goes on without it: as a failure that is tolerated, or because somebody wants it so. */
  | {
      readonly type: 'DeviceLeftOut'
      readonly device: string
      readonly by: 'maxFailures' | 'skip-unreachable'
      readonly error: ErrorRecord
    }
  | {
      readonly type: 'ApprovalRequested'
      readonly plan: string
      /** How many decisions about the plan were on record when an execution found that they are not enough: a further one answers it. */
      readonly decided?: number
      readonly reason?: string
      readonly principal?: Principal
    }
  | {
      readonly type: 'ApprovalDecided'
      readonly statement: ApprovalStatement
      readonly seal: string
      /** What vouches for it beyond the seal; absent for the decision of the local user. */
      readonly signature?: ApprovalSignature
    }
  | {
      readonly type: 'ApprovalUsed'
      readonly nonce: string
      readonly plan: string
      /** Counts the executions that use the approval; absent for the first. */
      readonly use?: number
      /** The policy takes approvals of any store: it is not single-use. */
      readonly anyStore?: true
    }
  /**
   * A condition under which a plan may be sent does not hold (docs/approvals.md#what-is-judged): nothing was committed on
   * its account.
   */
  | {
      readonly type: 'ApprovalInvalidated'
      readonly plan: string
      readonly condition: Condition
      readonly reason: string
      readonly device?: string
    }
  | DeviceEventBody
  | SitesEventBody
  | {
      readonly type: 'CompensationStarted'
      readonly reason: 'failure' | 'cancelled' | 'timed-out'
      readonly error: ErrorRecord
    }
  | { readonly type: 'UndoStarted'; readonly device: string }
  | { readonly type: 'UndoFinished'; readonly device: string; readonly end: DeviceEnd; readonly detail: string }
  | {
      readonly type: 'ExecutionEnded'
      readonly outcome: Outcome
      readonly error?: ErrorRecord
      /** What the machine gave; absent when it did not end well, and before interpreter 2. */
      readonly output?: Json
      readonly devices: Readonly<Record<string, DeviceEnd>>
      /** How many records the execution has before this one, so that none can be left out of its change record; absent before that was counted. */
      readonly records?: number
    }
  | {
      readonly type: 'SnapshotTaken'
      readonly name: string
      readonly snapshot: ArtefactRef
      readonly devices: readonly string[]
      /** The switches that are compared with it from then on; absent before that was a right of its own: all of `devices`. */
      readonly baseline?: readonly string[]
      /** The switches about which it ends notices; absent likewise. */
      readonly notices?: readonly string[]
    }
  | AuditEventBody

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

import type { Json } from '../../model/json.ts'
import type { PlanDocument } from '../../report/plan/result-schema.ts'

/** A plan as `eosflow plan -o FILE` saves it: `plan` of a {@link PlanDocument}. */
export type SavedPlan = PlanDocument['plan']

/** Which switches are meant, as `-t`; absent: all that it is for. */
export interface TargetRequest {
  readonly target?: string
}

/** A change by its workflow; or by a change file, which says its parameters and switches itself. */
export interface WorkflowRequest extends TargetRequest {
  /** The file of the workflow, or the change file. */
  readonly workflow: string
  /** The values of its parameters. */
  readonly params?: Readonly<Record<string, Json>>
  /** Whether switches that do not answer are left out of the plan. */
  readonly skipUnreachable?: boolean
}

/** What is planned. */
export interface PlanRequest extends WorkflowRequest {
  /** The fabric folder, or the name of the snapshot, that is asked in the place of the switches. */
  readonly offline?: string
}

/** Which checks are judged; absent: all of the catalog of the project. */
export interface CheckRequest extends TargetRequest {
  /** The file of the catalog. */
  readonly catalog?: string
  /** Only checks with one of these tags. */
  readonly tags?: readonly string[]
  /** Only checks of these names. */
  readonly only?: readonly string[]
  /** The name of the snapshot that checks compare with. */
  readonly since?: string
  /** For how many seconds it is tried again until all are good. */
  readonly within?: number
}

/** A snapshot; without a name it gets one of its time. */
export interface SnapshotRequest extends TargetRequest {
  readonly name?: string
}

/** An SSH key that signs: of a file, or the one that the agent holds. */
export type DecisionKey = { readonly file: string } | 'agent'

/** A decision about one plan. Nothing decides by itself: its digest is given, by whoever has looked at it. */
export interface DecisionRequest {
  readonly decision: 'approve' | 'reject'
  /** The plan, the file of it, or the execution that has made it or waits for it. */
  readonly plan: SavedPlan | { readonly file: string } | { readonly execution: string }
  /** The whole digest of the plan that was looked at; the decision is about no other. */
  readonly digest: string
  readonly comment?: string
  /** How often the plan may be run with it, 1 to 100. */
  readonly maxRuns?: number
  /** Signs it. Absent: it is the word of the caller, as `eosflow approve` without `--key`. */
  readonly key?: DecisionKey
}

/** A decision that somebody has signed elsewhere, as `eosflow approve -o FILE` and `eosflow reject -o FILE` write it. */
export interface ImportRequest {
  /** What the file must hold: a rejection is never taken for an approval, nor the other way round. */
  readonly decision: 'approve' | 'reject'
  readonly file: string
  /** The plan; absent: the one of the digest in the file that an execution here has made. */
  readonly plan?: DecisionRequest['plan']
}

/** How a change is started. */
export interface StartTerms {
  /** The caller's own approval of the plan with this whole digest, as `--approve`; without the right to it, it is refused. */
  readonly approve?: string
  /** The key that it is asked for under: asked for once more, it is the same execution. */
  readonly key?: string
  /** Whether it is refused where a budget of switches under change is full, and does not wait. */
  readonly noWait?: boolean
  /** Why windows and approvals are gone past, for whom the policy lets do that. */
  readonly breakGlass?: string
}

/** A change that is started: by a saved plan, with the files of signed approvals that came with it; or by its workflow, which is planned first. */
export type StartRequest = StartTerms &
  ({ readonly plan: SavedPlan | { readonly file: string }; readonly approvals?: readonly string[] } | WorkflowRequest)

/** An approved plan that is made again, with the files of signed approvals that came with it. */
export interface RebaseRequest extends Pick<StartTerms, 'noWait'> {
  readonly plan: SavedPlan | { readonly file: string }
  readonly approvals?: readonly string[]
}

/** How a change is put back. */
export interface RollbackTerms extends TargetRequest, Pick<StartTerms, 'approve' | 'noWait'> {
  /** Whether it is planned anew, also where an undo was approved with the change. */
  readonly anew?: boolean
}

/** Why an execution is to end or rest. */
export interface EndingTerms {
  readonly reason?: string
}

/** How an execution goes on. `restored`: it was open in the backup from which the store was restored, and the caller knows that. */
export interface ResumeTerms {
  readonly restored?: boolean
}

/** Which executions are listed; absent: the newest 20. */
export interface ListRequest extends TargetRequest {
  /** Outcomes and the words of `eosflow executions --state`. */
  readonly states?: readonly string[]
  /** Only those that have sent a change to a switch. */
  readonly touched?: boolean
  readonly most?: number
}

/** Which records are exported, and how they are written. */
export interface ExportRequest {
  readonly format: 'jsonl' | 'rfc5424' | 'cef' | 'otlp'
  /** Only records behind this number. */
  readonly since?: number
}

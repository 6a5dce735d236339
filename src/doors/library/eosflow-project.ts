/// <reference lib="esnext.disposable" preserve="true" />
import type { CheckDocument } from '../../report/check-results/result-schema.ts'
import type { DriftDocument } from '../../report/drift/result-schema.ts'
import type { ExecutionsDocument } from '../../report/execution/list-result-schema.ts'
import type { ExecutionDocument } from '../../report/execution/result-schema.ts'
import type { FactsDocument } from '../../report/facts/result-schema.ts'
import type { InventoryDocument } from '../../report/inventory/result-schema.ts'
import type { PlanDocument } from '../../report/plan/result-schema.ts'
import type { DecisionDocument, ExecutionEvent, IdentityDocument } from '../../report/result-schemas.ts'
import type { SnapshotResult } from '../../report/snapshot-result-schema.ts'
import type {
  CheckRequest,
  DecisionRequest,
  EndingTerms,
  ExportRequest,
  ImportRequest,
  ListRequest,
  PlanRequest,
  RebaseRequest,
  ResumeTerms,
  RollbackTerms,
  SnapshotRequest,
  StartRequest,
  TargetRequest,
} from './requests.ts'

/** An execution that is on record. */
export interface StartedExecution {
  readonly execution: string
  /** False where one was begun before under the same key, or has ended: this process does not run it. */
  readonly isRunning: boolean
}

/** That a change has nothing left to put back, and nothing was begun. */
export interface NothingToPutBack {
  readonly execution?: never
  readonly isRunning: false
  /** The execution of the change. */
  readonly of: string
  /** The switches that it has changed and that have nothing of it any more, because somebody has put it back. */
  readonly without: readonly string[]
}

/**
 * A project that is open: the use cases of the command line, asked by one caller. Each reads the settings, the policy and the inventory
 * anew and is judged and recorded as the command of its name. All reject with one of two errors, in which no secret is: {@link InputError} for what is wrong
 * with what was given, before anything was contacted, and {@link EosflowError} for what could not be done. An `execution` is an id, the beginning of one, or `@latest`.
 */
export interface EosflowProject extends AsyncDisposable {
  /** The folder, absolute. */
  readonly folder: string
  /** Who calls, and until when that holds. */
  whoami(): Promise<IdentityDocument>
  /** The switches, without contacting any. */
  inventory(request?: TargetRequest): Promise<InventoryDocument>
  /** What the switches are. */
  facts(request?: TargetRequest): Promise<FactsDocument>
  /** How the switches differ from what was confirmed on them last. */
  drift(request?: TargetRequest): Promise<DriftDocument>
  /** Judges checks of a catalog. What could not be judged has the status `error`. */
  check(request?: CheckRequest): Promise<CheckDocument>
  /** Keeps configurations and state in the store. */
  snapshot(request?: SnapshotRequest): Promise<SnapshotResult>
  /** Plans a change: the exact diff of every switch, and the digest that an approval binds to. */
  plan(request: PlanRequest): Promise<PlanDocument>
  /** Puts the caller's decision about a plan on record, bound to its digest. */
  decide(request: DecisionRequest): Promise<DecisionDocument>
  /**
   * Puts a decision on record that somebody has signed elsewhere, once its digest, signature, time and signer are good. The caller is who brings
   * it. What is not good is refused, and that is on record, too.
   */
  importDecision(request: ImportRequest): Promise<DecisionDocument>
  /** Starts a change. Resolves when it is on record; this process runs it from then on, until it ends or waits for somebody. */
  start(request: StartRequest): Promise<StartedExecution>
  /**
   * Plans a saved plan again on what its switches run now, carries its approvals where the policy lets them, and starts that. Rejects with `stale` where
   * something hinders it.
   */
  rebase(request: RebaseRequest): Promise<StartedExecution>
  /** Goes on with an execution that waits or was left. Resolves when it is taken up. */
  resume(execution: string, terms?: ResumeTerms): Promise<StartedExecution>
  /** Starts a failed execution again from where it failed. Resolves when that is on record. */
  redrive(execution: string): Promise<StartedExecution>
  /**
   * Begins the change that puts a finished one back: the undo that was approved with it where that applies, else its inverse, planned now, which
   * waits for its approval like any other.
   */
  rollback(execution: string, terms?: RollbackTerms): Promise<StartedExecution | NothingToPutBack>
  /**
   * Every record of an execution from its first on, as it is written. It ends when the execution has ended, waits for somebody, or is run by
   * no process; then it throws what its run here has failed with. To leave it early frees what it holds, and leaves the execution as it is.
   */
  follow(execution: string): AsyncIterable<ExecutionEvent>
  /** Resolves when an execution has ended, waits for somebody, or is run by no process. Rejects with what its run here has failed with. */
  settled(execution: string): Promise<ExecutionDocument>
  /** Ends an execution: every switch that it has touched is put back and read back. Resolves when that is done. */
  stop(execution: string, terms?: EndingTerms): Promise<ExecutionDocument>
  /** Has an execution rest at its next safe point, with nothing undone. Resolves when it rests. */
  suspend(execution: string, terms?: EndingTerms): Promise<ExecutionDocument>
  /** An execution as it is now. */
  show(execution: string): Promise<ExecutionDocument>
  /** Every record of an execution. */
  history(execution: string): Promise<readonly ExecutionEvent[]>
  /** Executions, newest first. */
  executions(request?: ListRequest): Promise<ExecutionsDocument>
  /** The signed record of a change, as the page that `eosflow show --html` writes. That it has left is on record. */
  record(execution: string): Promise<string>
  /** Records of the store as text. That they have left is on record. */
  exportRecords(request: ExportRequest): Promise<string>
  /**
   * Lets every execution that this process runs rest at its next safe point, as `eosflow suspend` does, and frees what is held; `resume` goes on with them.
   * A switch under a commit timer is confirmed or put back first. Rejects with what a run has failed with that nobody has heard of.
   */
  close(): Promise<void>
}

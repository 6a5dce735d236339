import type { Cursor } from '../event/cursor.ts'
import type { ArtefactRef, EventBody, JournalEvent } from '../event/event.ts'
import type { RepeatedWrite } from './outage.ts'

/** What must hold in the moment in which something is written, also where that is a record outside of executions. */
export type AppendCondition = ExecutionCondition | PolicyCondition

/** That no other policy came into force: the newest record that says which one is has this number; 0 where there is none. */
export interface PolicyCondition {
  readonly policy: number
}

/** What must hold of an execution. */
export interface ExecutionCondition {
  readonly of: string
  /** Its newest record. */
  readonly newest: number
  /** Nobody has asked behind this cursor that it stops or rests. Absent: that is all the same. */
  readonly unaskedSince?: Cursor
}

/**
 * The journal as a port: append-only, chained, durable before `append` returns. It is the only truth about an
 * execution; progress, audit, report and recovery are folds over it.
 */
export interface Journal {
  /**
   * Appends events, all or none. `after` is the last event of this execution that the caller has folded; when another
   * process has appended since, nothing is written and EosflowError `busy` is thrown (a stale controller). So it is where a condition
   * does not hold; of a policy it is PolicyMovedError, `stale`. An `ApprovalUsed` for an approval that is already used up throws `not-approved` and writes nothing.
   *
   * Records are in the order of the calls and have the time of the call. What is called while others are waiting may
   * become durable together with them; it is refused alone.
   *
   * A store behind a network throws `OutageError`. The same call with `again` settles a write in doubt: gives its records where they are
   * there, and where they are not, those that were sent again as they were, or none (`leave`).
   */
  append(
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number | readonly AppendCondition[],
    again?: RepeatedWrite,
  ): Promise<readonly JournalEvent[]>
  /** All events of one execution, in order. Throws `store` when the chain does not verify. */
  read(execution: string): Promise<readonly JournalEvent[]>
}

/** Large texts (configurations, plans, snapshots): encrypted at rest, addressed by a keyed digest of their content. */
export interface Artefacts {
  put(text: string): Promise<ArtefactRef>
  /** Throws `store` when it is missing or was altered. */
  get(ref: ArtefactRef): Promise<string>
  /** Another text than before once what is kept under a reference may be another. Undefined where that is not known. Throws `store`. */
  markOf(ref: ArtefactRef): Promise<string | undefined>
}

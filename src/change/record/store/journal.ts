import type { Cursor } from '../event/cursor.ts'
import type { ArtefactRef, EventBody, JournalEvent } from '../event/event.ts'
import type { RepeatedWrite } from './outage.ts'

export type AppendCondition = ExecutionCondition | PolicyCondition

export interface PolicyCondition {
  readonly policy: number
}

export interface ExecutionCondition {
  readonly of: string
  readonly newest: number
  /** Nobody has asked behind this cursor that it stops or rests. */
  readonly unaskedSince?: Cursor
}

export interface Journal {
  /** `after` is the last event of this execution that the caller has folded; when another process has appended since, nothing is written and EosflowError `busy` is thrown (a stale controller). So it is where a condition does not hold; of a policy it is PolicyMovedError, `stale`. */
  append(
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number | readonly AppendCondition[],
    again?: RepeatedWrite,
  ): Promise<readonly JournalEvent[]>
  /** Throws `store` when the chain does not verify. */
  read(execution: string): Promise<readonly JournalEvent[]>
}

export interface Artefacts {
  put(text: string): Promise<ArtefactRef>
  /** Throws `store` when it is missing or was altered. */
  get(ref: ArtefactRef): Promise<string>
  /** Another text than before once what is kept under a reference may be another. Throws `store`. */
  markOf(ref: ArtefactRef): Promise<string | undefined>
}

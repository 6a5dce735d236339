import type { ExecutionState } from '../../../change/engine/state.ts'

/** What an act says of an execution that it has begun. */
export interface BegunAnswer {
  readonly execution: string
  readonly known: false
  /** The `traceparent` of the execution, where it is in a trace. */
  readonly trace?: string
}

/** The answer about an execution that has just been put on record. */
export function begunAnswer({ id, trace }: ExecutionState): BegunAnswer {
  return { execution: id, known: false, ...(trace === undefined ? {} : { trace }) }
}

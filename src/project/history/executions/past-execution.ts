import { foldAll } from '../../../change/engine/fold.ts'
import { next } from '../../../change/engine/next.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { PastExecution } from '../../../report/past-execution.ts'

/** An execution as it was when the record `position` of the journal had been written, by its records up to that one. Undefined for a position before its first or behind its last record. */
export function pastExecutionAt(
  execution: string,
  events: readonly JournalEvent[],
  position: number,
): PastExecution | undefined {
  const known = events.filter(({ seq }) => seq <= position)
  const newest = known.at(-1)
  if (newest === undefined || position > (events.at(-1)?.seq ?? 0)) return undefined
  const state = foldAll(execution, known)
  return { execution: state, at: newest.at, next: next(state, Date.parse(newest.at)) }
}

import { type Cursor, cursorBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'

/** `events` are its records. */
export function lastAsked(events: readonly JournalEvent[]): JournalEvent | undefined {
  return events.findLast(
    (event) => event.type === 'ExecutionRedriven' || (event.type === 'ExecutionResumed' && event.byItself !== true),
  )
}

/** The place behind that record; before all records where nobody has. A word to stop or to rest behind it counts. */
export function sinceAsked(events: readonly JournalEvent[]): Cursor {
  return cursorBehind(lastAsked(events))
}

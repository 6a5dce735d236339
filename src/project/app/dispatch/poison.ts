import { type Cursor, isBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'

/** So often an execution is taken over from a dead worker, one after the other, before a person has to look at it. */
export const MOST_DEATHS = 5

/** How many workers in a row have died behind a record, of so many before it. */
export function deathsBehind(deaths: number, event: JournalEvent): number {
  if (event.type === 'ExecutionRedriven') return 0
  if (event.type !== 'ExecutionResumed') return deaths
  return event.ownerDied === true ? deaths + 1 : 0
}

/** How many workers in a row have died while they drove an execution, since somebody went on with it last who did not do so because of that. `events` are its records; with `since` those behind it are counted. */
export function deathsInARow(events: readonly JournalEvent[], since?: Cursor): number {
  return events.filter((event) => since === undefined || isBehind(event, since)).reduce(deathsBehind, 0)
}

/** A word to stop, at `since`, begins the count anew. */
export function isPoison(events: readonly JournalEvent[], since?: Cursor): boolean {
  return deathsInARow(events, since) >= MOST_DEATHS
}

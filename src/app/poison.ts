import type { JournalEvent } from '../journal/event.ts'

/** So often an execution is taken over from a dead worker, one after the other, before a person has to look at it. */
const MOST_DEATHS = 5

/**
 * How many workers in a row have died while they drove an execution, since somebody went on with it last who did not do so because of that. It may be
 * the execution that kills them. `events` are its records.
 */
export function deathsInARow(events: readonly JournalEvent[]): number {
  let deaths = 0
  for (const event of events) {
    if (event.type === 'ExecutionRedriven') deaths = 0
    if (event.type === 'ExecutionResumed') deaths = event.ownerDied === true ? deaths + 1 : 0
  }
  return deaths
}

/** Whether no worker takes an execution over any more: a person stops it or goes on with it. */
export function isPoison(events: readonly JournalEvent[]): boolean {
  return deathsInARow(events) >= MOST_DEATHS
}

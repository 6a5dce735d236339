import type { ExecutionState } from '../engine/state.ts'
import { liveSwitches } from '../engine/suspend.ts'
import { type Cursor, cursorBehind } from '../journal/cursor.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { SuspendRequest } from '../journal/store.ts'
import type { ProjectStore } from './project-store.ts'

type SuspensionSources = Pick<ProjectStore, 'store' | 'claims'>

/** The record by which a process took an execution up again last, if one has. `events` are its records. */
export function takenUp(events: readonly JournalEvent[]): JournalEvent | undefined {
  return events.findLast(({ type }) => type === 'ExecutionResumed' || type === 'ExecutionRedriven')
}

/**
 * The word that an execution rests because of, if it does: given since a process took it up last, no process runs it, and none of its
 * switches is armed or changed without being saved. `events` are its records.
 */
export function suspensionOf(
  sources: SuspensionSources,
  state: ExecutionState,
  events: readonly JournalEvent[],
): Promise<SuspendRequest | undefined> {
  return suspensionSince(sources, state, takenUp(events))
}

/** The same of an execution whose records are folded already. `taken` is what {@link takenUp} finds in them. */
export async function suspensionSince(
  { store, claims }: SuspensionSources,
  state: ExecutionState,
  taken: JournalEvent | undefined,
): Promise<SuspendRequest | undefined> {
  if (state.status !== 'running' || liveSwitches(state).length > 0) return undefined
  const asked = await store.suspendRequest(state.id, cursorBehind(taken))
  return asked === undefined || (await claims.isClaimed(state.id)) ? undefined : asked
}

/** The place behind the record with which a process took an execution up again last; before all records where none has. */
export function sinceTaken(events: readonly JournalEvent[]): Cursor {
  return cursorBehind(takenUp(events))
}

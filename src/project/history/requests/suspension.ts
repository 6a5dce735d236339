import type { ExecutionState } from '../../../change/engine/state.ts'
import { isLive } from '../../../change/engine/suspend.ts'
import { cursorBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { SuspendRequest } from '../../../change/record/store/store.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { lastAsked } from './since-asked.ts'

type SuspensionSources = Pick<ProjectStore, 'store' | 'claims'>

/**
 * The word that an execution rests because of, if it does: given since somebody had it go on last, no process runs it, and none of its
 * switches is armed or changed without being saved. `events` are its records.
 */
export function suspensionOf(
  sources: SuspensionSources,
  state: ExecutionState,
  events: readonly JournalEvent[],
): Promise<SuspendRequest | undefined> {
  return suspensionSince(sources, state, lastAsked(events))
}

/** `gone` is what {@link lastAsked} finds in them. */
export async function suspensionSince(
  { store, claims }: SuspensionSources,
  state: ExecutionState,
  gone: JournalEvent | undefined,
): Promise<SuspendRequest | undefined> {
  if (state.status !== 'running' || isLive(state)) return undefined
  const asked = await store.suspendRequest(state.id, cursorBehind(gone))
  return asked === undefined || (await claims.isClaimed(state.id)) ? undefined : asked
}

import type { ExecutionState } from '../../../change/engine/state.ts'
import { isLive } from '../../../change/engine/suspend.ts'
import { type Cursor, cursorBehind } from '../../../change/record/event/cursor.ts'
import type { EventBody, JournalEvent } from '../../../change/record/event/event.ts'
import type { StopRequest, SuspendRequest } from '../../../change/record/store/store.ts'
import type { RecordApp } from '../../app/app.ts'
import { wake } from '../../app/dispatch/worker-dispatch.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import type { EndRequest } from './end-request.ts'

/** Puts the word that executions are to stop on record, outside of them and all at once. Gives the place behind the last. */
export async function askToStop(
  app: RecordApp,
  caller: Caller,
  executions: readonly string[],
  { reason, newest }: Pick<EndRequest, 'reason' | 'newest'>,
): Promise<Cursor> {
  await passClock(app.clockRule, caller)
  const words = executions.map((stopped): EventBody => ({ type: 'StopRequested', stopped, reason }))
  const [of] = executions
  const condition = of === undefined || newest === undefined ? undefined : [{ of, newest }]
  const written = await app.journalAs(caller.principal).append(undefined, words, condition)
  for (const record of written) if (record.type === 'StopRequested') await wake(app, record.stopped, record.seq)
  return cursorBehind(written.at(-1))
}

/** The word to stop that an execution was given since somebody had it go on last; undefined where there is none. `events` are its records. */
export async function unheardStop(
  { store }: Pick<ProjectStore, 'store'>,
  id: string,
  events: readonly JournalEvent[],
): Promise<StopRequest | undefined> {
  return store.stopRequest(id, sinceAsked(events))
}

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

import { type Cursor, cursorBehind } from '../../../change/record/event/cursor.ts'
import type { EventBody, JournalEvent } from '../../../change/record/event/event.ts'
import type { StopRequest } from '../../../change/record/store/store.ts'
import type { RecordApp } from '../../app/app.ts'
import { wake } from '../../app/dispatch/worker-dispatch.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import type { EndRequest } from './end-request.ts'
import { sinceAsked } from './since-asked.ts'

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

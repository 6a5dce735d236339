import type { ExecutionState } from '../../../change/engine/state.ts'
import { liveSwitches } from '../../../change/engine/suspend.ts'
import { type Cursor, cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RecordApp } from '../../app/app.ts'
import type { EndRequest } from '../../history/requests/end-request.ts'
import { lastAsked } from '../../history/requests/since-asked.ts'
import { whileWatching } from '../../history/watch/patient-watch.ts'
import { watchRecord } from '../../history/watch/watch-record.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { passClock } from '../../system/process/pass-clock.ts'

// Looks without a new record and without a process before an execution rests.
const ALONE = 4

/** Gives the place behind it. Throws `busy` where it has moved on since `newest`. */
export async function askToRest(
  app: RecordApp,
  caller: Caller,
  suspended: string,
  { reason, newest }: Pick<EndRequest, 'reason' | 'newest'>,
): Promise<Cursor> {
  await passClock(app.clockRule, caller)
  const [asked] = await app
    .journalAs(caller.principal)
    .append(
      undefined,
      [{ type: 'SuspendRequested', suspended, reason }],
      newest === undefined ? undefined : [{ of: suspended, newest }],
    )
  return cursorBehind(asked)
}

/** Waits for an execution that was asked to rest, at `asked`, until it has ended or no process runs it. Throws `busy` when it was resumed meanwhile, `store` when the store is lost, which says nothing any more of what runs, and as {@link requireNothingLive} does. */
export function rested(
  app: RecordApp,
  caller: Caller,
  found: ExecutionState,
  asked: Cursor,
  tell: (events: readonly JournalEvent[]) => void,
): Promise<ExecutionState | undefined> {
  return whileWatching(app, caller.stop, (patient) => restedAt(patient, caller, found, asked, tell))
}

async function restedAt(
  app: RecordApp,
  caller: Caller,
  found: ExecutionState,
  asked: Cursor,
  tell: (events: readonly JournalEvent[]) => void,
) {
  let alone = 0
  for await (const { state, events } of watchRecord(app, found, caller.stop)) {
    tell(events)
    if (state.status === 'ended') return state
    requireNotResumed(app, found.id, events, asked)
    alone = events.length === 0 && !(await app.claims.isClaimed(found.id)) ? alone + 1 : 0
    if (alone < ALONE) continue
    if (app.isLost()) throw storeLost(app, found.id)
    requireNothingLive(app, state)
    return state
  }
  return undefined
}

function storeLost(app: WordedHost, id: string) {
  return new EosflowError('store', `the store is no longer the one that was opened: whether ${id} rests is not known`, {
    ...hinted(app, { code: 'look-and-scan' }),
  })
}

/** Throws `rollback-incomplete` where the process that ran an execution is gone and a switch of it may run its change. */
export function requireNothingLive(app: WordedHost, state: ExecutionState): void {
  const live = liveSwitches(state)
  if (live.length === 0) return
  throw new EosflowError(
    'rollback-incomplete',
    `${state.id} is not at a safe point, and no process runs it: ${live.join(', ')} not settled. A running commit timer puts an unconfirmed change back by itself.`,
    hinted(app, { code: 'resume', execution: state.id }),
  )
}

function requireNotResumed(app: WordedHost, id: string, events: readonly JournalEvent[], asked: Cursor) {
  const resumed = events.find((event) => lastAsked([event]) !== undefined && isBehind(event, asked))
  if (resumed === undefined) return
  throw new EosflowError('busy', `${id} was resumed by ${resumed.actor} after it was asked to rest: it goes on`, {
    ...hinted(app, { code: 'watch', execution: id }),
  })
}

import { type ExecutionState, newExecution } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RecordApp } from '../../app/app.ts'
import { hinted } from '../../system/process/hinted.ts'
import { isResting } from '../executions/resting.ts'
import { suspensionOf } from '../requests/suspension.ts'
import { unservedSites } from '../sites/unserved.ts'
import { whileWatching } from './patient-watch.ts'
import { watchRecord } from './watch-record.ts'

// Looks without a new record before an execution is taken to rest, or to be run by nobody: whoever has begun it claims it a moment later.
const SETTLED = 4

export interface Watcher {
  readonly stop: AbortSignal
  seen(events: readonly JournalEvent[]): void
}

/**
 * Watches an execution until it ends or rests; undefined where nobody watches any more. `left` hears where no process runs it, and of the sites that
 * no worker serves.
 */
export function untilSettled(
  app: RecordApp,
  id: string,
  watcher: Watcher & { left(unserved: readonly string[]): void },
): Promise<ExecutionState | undefined> {
  return whileWatching(app, watcher.stop, (patient) => settled(patient, id, watcher))
}

async function settled(
  app: RecordApp,
  id: string,
  { stop, seen, left }: Watcher & { left(unserved: readonly string[]): void },
) {
  for await (const { state, events, silent } of watchRecord(app, newExecution(id), stop)) {
    seen(events)
    if (state.status === 'ended') return state
    if (silent !== SETTLED) continue
    if (isResting(state, app.clock.now())) return state
    if ((await suspensionOf(app, state, await app.store.read(id))) !== undefined) return state
    const unserved = await unservedSites(app, state)
    if (unserved.length > 0 || !(await app.claims.isClaimed(id))) left(unserved)
  }
  return undefined
}

/**
 * Watches an execution until it ends or nobody runs it; undefined where nobody watches any more. Throws `busy` with `detached`, where
 * another process runs it and nobody is to wait.
 */
export function untilLeft(
  app: RecordApp,
  id: string,
  watcher: Watcher & { readonly detached: boolean },
): Promise<ExecutionState | undefined> {
  return whileWatching(app, watcher.stop, (patient) => nobodyRuns(patient, id, watcher))
}

async function nobodyRuns(
  app: RecordApp,
  id: string,
  { stop, seen, detached }: Watcher & { readonly detached: boolean },
) {
  for await (const { state, events, silent } of watchRecord(app, newExecution(id), stop)) {
    seen(events)
    if (state.status === 'ended') return state
    if (!(await app.claims.isClaimed(id))) {
      if (silent >= SETTLED) return state
    } else if (detached) {
      throw new EosflowError(
        'busy',
        `execution ${id} is run by another process at this moment`,
        hinted(app, { code: 'watch', execution: id }),
      )
    }
  }
  return undefined
}

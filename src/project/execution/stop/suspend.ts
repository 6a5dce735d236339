import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { type PolicyContext, requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution } from '../../access/policy/entry.ts'
import type { RecordApp } from '../../app/app.ts'
import { brakingApp } from '../../history/bundle/app-for.ts'
import { executionNamed } from '../../history/executions/execution-named.ts'
import type { EndRequest } from '../../history/requests/end-request.ts'
import { suspensionOf } from '../../history/requests/suspension.ts'
import { requireNoPart, requireUndivided } from '../../history/sites/require-whole.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { isExecutionRunning } from '../run/running-execution.ts'
import { askToRest, requireNothingLive, rested } from './suspending.ts'

/** The request is on record each time, unless the execution had ended or was suspended before. */
export interface SuspendEnd {
  readonly kind: 'ended-before' | 'rests-already' | 'rests' | 'left'
  readonly state: ExecutionState
}

/** Throws as the policy does, as {@link rested}, and `busy` where it has moved on since `newest`. */
export async function suspend(
  app: RecordApp,
  caller: Caller,
  { execution, reason, newest }: EndRequest,
  progress: (found: ExecutionState) => (events: readonly JournalEvent[]) => void,
): Promise<SuspendEnd> {
  const id = await executionNamed(app, execution)
  const events = await app.store.read(id)
  const found = foldAll(id, events)
  if (found.status === 'ended') {
    await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
    return { kind: 'ended-before', state: found }
  }
  await requireAllowed(await brakingApp(app, found), caller, 'execution.stop', {
    ...aboutExecution(found),
    underway: true,
    brakes: true,
  })
  requireNoPart(found, 'stop')
  requireUndivided(found, 'suspend')
  const isResting = !(await isExecutionRunning(app, id))
  if (isResting) requireNothingLive(app, found)
  if (isResting && (await suspensionOf(app, found, events)) !== undefined)
    return { kind: 'rests-already', state: found }
  const asked = await askToRest(app, caller, id, { reason, newest })
  // Whoever has taken it up before the request is waited for like any other.
  if (isResting && !(await hasMovedOn(app, found))) return { kind: 'rests-already', state: found }
  caller.tell(`${id} is asked to rest; an armed switch is confirmed or put back first, nothing else is undone\n`)
  const state = await rested(app, caller, found, asked, progress(found))
  return state === undefined ? { kind: 'left', state: found } : { kind: 'rests', state }
}

async function hasMovedOn({ store }: PolicyContext, found: ExecutionState) {
  return (await store.read(found.id)).some((event) => isBehind(event, cursorBehind(found)))
}

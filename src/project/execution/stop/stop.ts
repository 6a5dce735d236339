import { foldAll, readState } from '../../../change/engine/fold.ts'
import { maySave } from '../../../change/engine/sites.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution, requireStoppable } from '../../access/policy/entry.ts'
import type { App } from '../../app/app.ts'
import { brakingApp } from '../../history/bundle/app-for.ts'
import { executionNamed } from '../../history/executions/execution-named.ts'
import type { EndRequest } from '../../history/requests/end-request.ts'
import { askToStop } from '../../history/requests/stop-asked.ts'
import { requireNotRestored } from '../../history/restored.ts'
import { requireNoPart } from '../../history/sites/require-whole.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { stopped } from './stopping.ts'

/** What is not known before it was read back. */
export const TO_FOLLOW = 'where each switch is follows when it was read back'

const TOO_LATE = ', too late to put it back: every site had been let save'

export interface StopRequest extends EndRequest {
  readonly restored?: boolean
}

export interface StopEnd {
  readonly kind: 'ended-before' | 'stopped' | 'left'
  readonly state: ExecutionState
}

/** `progress` gives who is shown what comes onto the record. Throws as the policy and a run do, and `busy` where it has moved on since `newest`. */
export async function stop(
  app: App,
  caller: Caller,
  { execution, reason, newest, restored = false }: StopRequest,
  progress: (found: ExecutionState) => (events: readonly JournalEvent[]) => void,
): Promise<StopEnd> {
  const id = await executionNamed(app, execution)
  const events = await app.store.read(id)
  const found = foldAll(id, events)
  if (found.status === 'ended') {
    await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
    return { kind: 'ended-before', state: found }
  }
  await requireStoppable(await brakingApp(app, found), caller, found)
  requireNoPart(found, 'stop')
  await requireNotRestored(app, id, events, restored)
  const asked = await askToStop(app, caller, [id], { reason, newest })
  caller.tell(
    `${id} is asked to stop${maySave((await readState(app.store, id)).sites) ? TOO_LATE : ''}; ${TO_FOLLOW}\n`,
  )
  const state = await stopped(
    app,
    caller,
    found,
    { asked, at: app.clock.monotonic(), reason, restored },
    progress(found),
  )
  return state === undefined ? { kind: 'left', state: found } : { kind: 'stopped', state }
}

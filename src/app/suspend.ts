import { foldAll } from '../engine/fold.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { App } from './app.ts'
import type { Caller } from './caller.ts'
import { executionNamed } from './execution-named.ts'
import { isRun } from './is-run.ts'
import { requireAllowed } from './policy/authority.ts'
import { aboutExecution } from './policy/entry.ts'
import type { EndRequest } from './stop.ts'
import { askToRest, requireNothingLive, rested } from './suspending.ts'

/** How a request to rest went: `left` when nobody waited until it rests; the request is on record. */
export interface SuspendEnd {
  readonly kind: 'ended-before' | 'rests-already' | 'rests' | 'left'
  readonly state: ExecutionState
}

/**
 * Has an execution rest at its next safe point: nothing is begun any more and nothing is undone. The process that runs it is asked on
 * record; where none runs it, it rests already, and nothing is put on record. Throws as the policy does, and as {@link rested}.
 */
export async function suspend(
  app: App,
  caller: Caller,
  { execution, reason }: EndRequest,
  progress: (found: ExecutionState) => (events: readonly JournalEvent[]) => void,
): Promise<SuspendEnd> {
  const id = await executionNamed(app, execution)
  const found = foldAll(id, await app.store.read(id))
  if (found.status === 'ended') {
    await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
    return { kind: 'ended-before', state: found }
  }
  await requireAllowed(app, caller, 'execution.stop', { ...aboutExecution(found), underway: true })
  if (!(await isRun(app, id))) {
    requireNothingLive(app, found)
    return { kind: 'rests-already', state: found }
  }
  const asked = await askToRest(app, caller, id, reason)
  caller.tell(`${id} is asked to rest; an armed switch is confirmed or put back first, nothing else is undone\n`)
  const state = await rested(app, caller, found, asked, progress(found))
  return state === undefined ? { kind: 'left', state: found } : { kind: 'rests', state }
}

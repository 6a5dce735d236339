import { foldAll } from '../engine/fold.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { App } from './app.ts'
import type { Caller } from './caller.ts'
import { requireAllowed } from './policy/authority.ts'
import { aboutExecution, requireResumable } from './policy/entry.ts'
import { untilLeft } from './watching.ts'

/**
 * Gives whoever asks once more the execution that is on record: as it ended, or as nobody runs it any longer, and then they may take it up.
 * Undefined when nobody waits for it any longer. Throws `not-authorised`, and `busy` where another process runs it and nobody is to wait.
 */
export async function rejoin(
  app: App,
  caller: Caller,
  id: string,
  isDetached: boolean,
  tell: (events: readonly JournalEvent[]) => void,
): Promise<ExecutionState | undefined> {
  const found = foldAll(id, await app.store.read(id))
  await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
  caller.tell(`asked for before: execution ${id}; nothing is begun a second time\n`)
  if (found.status === 'ended') return found
  const left = await untilLeft(app, id, { stop: caller.stop, seen: tell, detached: isDetached })
  if (left !== undefined && left.status !== 'ended') await requireResumable(app, caller, left)
  return left
}

import { foldAll } from '../engine/fold.ts'
import { type ExecutionState, newExecution } from '../engine/state.ts'
import type { JournalEvent } from '../journal/event.ts'
import { EosflowError } from '../model/error.ts'
import type { App } from './app.ts'
import type { Caller } from './caller.ts'
import { followed } from './follow.ts'
import { hinted } from './hinted.ts'
import { requireAllowed } from './policy/authority.ts'
import { aboutExecution, requireResumable } from './policy/entry.ts'

/** Looks without a new record before nobody is taken to run an execution: whoever has begun it claims it a moment later. */
const SETTLED = 4

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
  const left = await untilLeft(app, caller, id, isDetached, tell)
  if (left !== undefined && left.status !== 'ended') await requireResumable(app, caller, left)
  return left
}

/** Follows an execution until it ends or nobody runs it; undefined when the caller is interrupted. Throws `busy` where nobody is to wait. */
async function untilLeft(
  app: App,
  caller: Caller,
  id: string,
  isDetached: boolean,
  tell: (events: readonly JournalEvent[]) => void,
): Promise<ExecutionState | undefined> {
  for await (const { state, events, silent } of followed(app, newExecution(id), caller.stop)) {
    tell(events)
    if (state.status === 'ended') return state
    if (!(await app.claims.isClaimed(id))) {
      if (silent >= SETTLED) return state
    } else if (isDetached) {
      throw new EosflowError(
        'busy',
        `execution ${id} is run by another process at this moment`,
        hinted(app, { code: 'watch', execution: id }),
      )
    }
  }
  return undefined
}

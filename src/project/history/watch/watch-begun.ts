import { readState } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution, requireResumable } from '../../access/policy/entry.ts'
import type { RecordApp } from '../../app/app.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { suspensionOf } from '../requests/suspension.ts'
import { untilLeft } from './watch.ts'

export interface KnownExecution {
  readonly state: ExecutionState
  readonly isLeft: boolean
}

/** Gives whoever asks once more the execution that is on record: as it ended, or as nobody runs it any longer. Throws `not-authorised`, and `busy` where another process runs it and nobody is to wait. */
export async function watchBegun(
  app: RecordApp,
  caller: Caller,
  id: string,
  isDetached: boolean,
  tell: (events: readonly JournalEvent[]) => void,
): Promise<KnownExecution | undefined> {
  const found = await readState(app.store, id)
  await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
  caller.tell(`asked for before: execution ${id}; nothing is begun a second time\n`)
  if (found.status === 'ended') return { state: found, isLeft: true }
  const state = await untilLeft(app, id, { stop: caller.stop, seen: tell, detached: isDetached })
  if (state === undefined) return undefined
  const isLeft = state.status === 'ended' || (await suspensionOf(app, state, await app.store.read(id))) !== undefined
  if (!isLeft) await requireResumable(app, caller, state)
  return { state, isLeft }
}

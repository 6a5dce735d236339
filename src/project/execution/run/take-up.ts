import { abandonedSwitches } from '../../../change/engine/abandoned.ts'
import { foldAll, readState } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { isLive } from '../../../change/engine/suspend.ts'
import { unsettled } from '../../../change/engine/undo.ts'
import { cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { AppendCondition } from '../../../change/record/store/journal.ts'
import { EosflowError } from '../../../model/error.ts'
import { type AllowedAct, allowedNow, whileAllowed } from '../../access/policy/authority.ts'
import { requireMayGoOn } from '../../access/policy/freeze-in-force.ts'
import type { RecordApp } from '../../app/app.ts'
import { sinceAsked } from '../../history/requests/since-asked.ts'
import { requireNotRestored } from '../../history/restored.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { hinted } from '../../system/process/hinted.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import { settledAppend, showWritten } from '../journal/settled-append.ts'
import { awaitQuarantines } from './quarantine.ts'

export interface TakeTerms {
  readonly restored?: boolean | undefined
  readonly newest?: number | undefined
  readonly unlessAsked?: boolean | undefined
  /** Whether no person has asked for it now: a word to stop from before still counts then. */
  readonly byItself?: boolean | undefined
  /** Whether a worker goes on with it because the process that ran it was declared dead. */
  readonly ownerDied?: boolean | undefined
  /** What lets whoever is calling start it again, or go on with it; absent where nothing forbids it. */
  readonly allowed?: AllowedAct | undefined
}

/** Throws `busy` while another process runs it, `window-closed` where nothing of it is live and a freeze is in force, and as {@link takeUp} does. */
export async function takeUpOpen(
  app: RecordApp,
  caller: Caller,
  id: string,
  terms: TakeTerms,
): Promise<ExecutionState> {
  if (await app.claims.isClaimed(id)) {
    throw new EosflowError('busy', `execution ${id} is run by another process`, {
      ...hinted(app, { code: 'watch-or-stop', execution: id }),
    })
  }
  const found = await readState(app.store, id)
  // One whose change is live loses no time: its commit timers run.
  if (!isLive(found)) {
    await requireMayGoOn(app, found)
    await awaitQuarantines(app, caller, found.targets, id)
  }
  return takeUp(app, caller, id, 'ExecutionResumed', terms)
}

/** Puts on record that this process goes on with an execution: an open one, or with `ExecutionRedriven` an ended one. One that has ended before it could be resumed is given as it ended. */
export async function takeUp(
  app: RecordApp,
  caller: Caller,
  id: string,
  type: 'ExecutionResumed' | 'ExecutionRedriven',
  { restored = false, newest, unlessAsked = false, byItself = false, ownerDied = false, allowed }: TakeTerms = {},
): Promise<ExecutionState> {
  const journal = app.journalAs(caller.principal)
  const events = await journal.read(id)
  const state = foldAll(id, events)
  const hasMovedOn = newest !== undefined && isBehind(state, cursorBehind({ seq: newest }))
  if (hasMovedOn || (state.status !== 'ended' && type === 'ExecutionRedriven')) {
    throw new EosflowError('busy', `execution ${id} was continued by another process`, {
      ...hinted(app, { code: 'watch-or-stop', execution: id }),
    })
  }
  if (state.status === 'ended' && type === 'ExecutionResumed') return state
  const isFromBackup = await requireNotRestored(app, id, events, restored)
  if (unsettled(state).length > 0) await passClock(app.clockRule, caller)
  const taken: EventBody =
    type === 'ExecutionRedriven' ? { type } : resumption(state, { byItself, ownerDied, isFromBackup })
  const seen = newest ?? state.seq
  const after = [{ of: id, newest: seen, ...(unlessAsked ? { unaskedSince: sinceAsked(events) } : {}) }]
  // Whoever has taken it up without knowing it would keep it from everybody: a worker waits until the store says which it is.
  const append = (conditions: readonly AppendCondition[]) =>
    byItself ? settledAppend(journal, app.clock, id, [taken], conditions) : journal.append(id, [taken], conditions)
  const written =
    allowed === undefined
      ? await append(after)
      : await whileAllowed(app, { again: () => allowedNow(app, allowed) }, (condition) => append([...after, condition]))
  await showWritten(caller, state, written)
  return foldAll(id, [...events, ...written])
}

function resumption(
  state: ExecutionState,
  {
    byItself,
    ownerDied,
    isFromBackup,
  }: { readonly byItself: boolean; readonly ownerDied: boolean; readonly isFromBackup: boolean },
): EventBody {
  const abandoned = abandonedSwitches(state)
  return {
    type: 'ExecutionResumed',
    ...(abandoned.length === 0 ? {} : { abandoned }),
    ...(byItself ? { byItself } : {}),
    ...(ownerDied ? { ownerDied } : {}),
    // Who goes on for a process that is known to be dead shares its store.
    ...(ownerDied ? {} : { asks: true }),
    ...(isFromBackup ? { restored: true } : {}),
  }
}

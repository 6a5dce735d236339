import { readState } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import { EosflowError } from '../../../model/error.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import { aboutPlanned } from '../../access/policy/entry.ts'
import { requireUnfrozen } from '../../access/policy/freeze-in-force.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { judgingApp } from '../../history/bundle/app-for.ts'
import { executionNamed } from '../../history/executions/execution-named.ts'
import { requireNoPart, requireUndivided } from '../../history/sites/require-whole.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { preparedFor } from '../../plan/planning.ts'
import { appOf } from '../../plan/rollback/sources.ts'
import { requireClocksHere } from '../../switches/connect/switch-clocks.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { awaitQuarantines, requireFree } from '../may-begin/quarantine.ts'
import { takeUp } from '../run/run.ts'
import { isRedrivable } from './redrivable.ts'

/** Refuses to start an execution again that has nothing to be done again, or may not go on by itself: InputError when it ended well or was a dry run, `busy` when it has not ended or another one holds a switch of it, `rollback-incomplete` when nobody knows where it left the network, `stale` when its files have changed. */
export async function requireRedrivable(app: RecordApp, caller: Caller, state: ExecutionState): Promise<void> {
  const { id, status, outcome, targets } = state
  if (status !== 'ended') {
    throw new EosflowError(
      'busy',
      `${id} has not ended: it goes on from where it is`,
      hinted(app, { code: 'resume', execution: id }),
    )
  }
  if (outcome === 'unknown') {
    throw new EosflowError(
      'rollback-incomplete',
      `${id} left a switch or a call whose state is not known: a person has to look at it first`,
      hinted(app, { code: 'show-unread', execution: id }),
    )
  }
  if (!isRedrivable(state)) throw nothingToRedrive(app, state)
  preparedFor(await appOf(app, state), state)
  await requireFree(app, targets)
  await awaitQuarantines(app, caller, targets, id)
}

/** `word` names it. Throws as the policy does, as {@link requireRedrivable}, `window-closed` while a freeze is in force, `clock`, and `busy` where it has moved on since `newest`. */
export async function redrive(app: App, caller: Caller, word: string, newest?: number): Promise<ExecutionState> {
  const id = await executionNamed(app, word)
  const found = await readState(app.store, id)
  const judging = await judgingApp(app, found)
  const allowed = await requireAllowed(
    judging,
    caller,
    'execution.start',
    await aboutPlanned(judging, found, () => found),
  )
  requireNoPart(found, 'show')
  requireUndivided(found, 'redrive')
  await requireSinceRestored(app, found)
  await requireUnfrozen(app)
  await requireRedrivable(app, caller, found)
  await app.clockRule?.require()
  await requireClocksHere(app, caller, found.targets)
  return takeUp(app, caller, id, 'ExecutionRedriven', { newest, allowed })
}

async function requireSinceRestored({ store, words }: RecordApp, { id, seq, file }: ExecutionState) {
  const restored = await store.restored()
  if (restored === undefined || isBehind({ seq }, cursorBehind(restored))) return
  throw new EosflowError(
    'refused',
    `${id} ended before the store was restored: what became of its switches since is on no record`,
    {
      hint: words({ code: 'run-again', workflow: file }),
    },
  )
}

function nothingToRedrive({ words }: WordedHost, { id, outcome, purpose, file }: ExecutionState) {
  const isDry = purpose === 'plan'
  return inputError(
    id,
    'not-redrivable',
    isDry ? 'a dry run is not redriven' : `it has not failed: ${outcome}`,
    words({ code: isDry ? 'plan' : 'run-again', workflow: file }),
  )
}

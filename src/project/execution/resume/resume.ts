import { foldAll, readState } from '../../../change/engine/fold.ts'
import { type ExecutionState, startedTimers } from '../../../change/engine/state.ts'
import { unsettled } from '../../../change/engine/suspend.ts'
import { cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import { EosflowError } from '../../../model/error.ts'
import { type AllowedAct, requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution, aboutPlanned, requireResumable } from '../../access/policy/entry.ts'
import { requireUnfrozen } from '../../access/policy/freeze-in-force.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { AskMode } from '../../approval/approvals.ts'
import { judgingApp } from '../../history/bundle/app-for.ts'
import { requireNotRestored } from '../../history/execution-view.ts'
import { isLeftAlone } from '../../history/executions/kept-executions.ts'
import { executionNamed } from '../../history/executions/list-executions.ts'
import { requireNoPart, requireUndivided } from '../../history/sites/parts.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { preparedFor } from '../../plan/planning.ts'
import { appOf } from '../../plan/rollback/sources.ts'
import { requireClocksHere } from '../../switches/connect/switch-clocks.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { awaitQuarantines, requireFree } from '../may-begin/window.ts'
import { requireItsFeatures } from '../run/absent-features.ts'
import { carryOut } from '../run/carry-out.ts'
import { takeUp, takeUpOpen } from '../run/run.ts'
import { isRedrivable } from './redrivable.ts'

/** Undefined and throws as {@link carryOut}. */
export async function resume(
  app: App,
  caller: Caller,
  id: string,
  ask: AskMode,
  allowed?: AllowedAct,
): Promise<ExecutionState | undefined> {
  const { restored } = ask
  const state = await takeUpOpen(app, caller, id, { restored, allowed })
  return state.status === 'ended' ? state : carryOut(app, caller, state, ask)
}

export interface ResumableExecution {
  readonly id: string
  /** By what they may; absent where nothing forbids it: it has ended, or they have started it and its change is live. */
  readonly allowed?: AllowedAct | undefined
}

/** Throws InputError, `clock`, and as the policy does. */
export async function executionToResume(
  app: App,
  caller: Caller,
  word: string,
  restored: boolean,
): Promise<ResumableExecution> {
  const id = await executionNamed(app, word)
  const events = await app.store.read(id)
  const state = foldAll(id, events)
  if (state.status === 'ended') {
    await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
    return { id }
  }
  const allowed = await requireResumable(await judgingApp(app, state), caller, state)
  // What the others do is not touched by it: the part goes on where its workers died, and waits for them as before.
  if (!(await isLeftAlone(app, id, events))) requireNoPart(state, 'resume')
  await requireNotRestored(app, id, events, restored)
  // Where its change is live no time is lost, and nothing of a clock keeps it from being put back.
  if (unsettled(state).length === 0) await requireClocksHere(app, caller, state.targets)
  return { id, allowed }
}

/** If all are run, the newest of these; undefined where none is open. Throws `store`. */
export async function nextToResume(app: ProjectStore, { tell }: Pick<Caller, 'tell'>): Promise<string | undefined> {
  const urgent = await mostUrgentExecution(app)
  if (urgent !== undefined) {
    const { id, device, seconds } = urgent
    tell(`resuming ${id}: the commit timer of ${device} runs out in ${seconds} s\n`)
    return id
  }
  const open = await app.store.openExecutions()
  for (const { id } of open) if (!(await app.claims.isClaimed(id))) return id
  return open[0]?.id
}

interface UrgentExecution {
  readonly id: string
  readonly device: string
  readonly seconds: number
}

// Throws `store`.
async function mostUrgentExecution({ store, claims, clock }: ProjectStore): Promise<UrgentExecution | undefined> {
  const now = clock.now()
  const running: (UrgentExecution & { readonly until: number })[] = []
  for (const { id, hasActed } of await store.openExecutions()) {
    if (!hasActed || (await claims.isClaimed(id))) continue
    const next = startedTimers(await readState(store, id)).find(({ until }) => until > now)
    if (next !== undefined) running.push({ id, ...next, seconds: Math.ceil((next.until - now) / 1000) })
  }
  return running.toSorted((a, b) => a.until - b.until)[0]
}

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
  await requireItsFeatures(app, state)
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

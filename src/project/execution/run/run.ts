import { foldAll, readState } from '../../../change/engine/fold.ts'
import { runExecution } from '../../../change/engine/run.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { abandonedSwitches, isLive, unsettled } from '../../../change/engine/suspend.ts'
import { type Cursor, cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { AppendCondition } from '../../../change/record/store/journal.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { linkedAbort } from '../../../model/linked-abort.ts'
import { type AllowedAct, allowedNow, whileAllowed } from '../../access/policy/authority.ts'
import { requireMayGoOn } from '../../access/policy/freeze-in-force.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { AskMode } from '../../approval/approvals.ts'
import { requireNotRestored } from '../../history/execution-view.ts'
import { sinceAsked } from '../../history/requests/stop-asked.ts'
import { wakesOf } from '../../history/requests/wakes.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { systemClock } from '../../system/machine/system-clock.ts'
import type { Console } from '../../system/process/console.ts'
import { hinted } from '../../system/process/hinted.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import { type Beginning, begin, progressOf, settledAppend, showWritten } from '../journal/begin.ts'
import { awaitQuarantines } from '../may-begin/window.ts'
import { requireItsFeatures } from './absent-features.ts'
import { openRun, type RunContext } from './open-run.ts'

// How often the store is asked whether somebody wants an execution to stop, in milliseconds; where it says that there is a word, then.
const LOOK = 500

interface StopControl {
  readonly signal: AbortSignal
  readonly suspend: AbortSignal
  close(): Promise<void>
}

/** Claims an execution for this process and listens for the word to stop it, or to have it rest: the interrupt of this terminal, or what another process has put on record since somebody had the execution go on. */
export async function listenForStop(
  { store, claims, shared }: ProjectStore,
  state: ExecutionState,
  caller: Console,
  stop: AbortSignal,
): Promise<StopControl> {
  const { id } = state
  const claim = await claims.claim(id)
  let asked: Cursor | undefined
  let isAsked = false
  const closed = new AbortController()
  const say = (why: string) =>
    caller.tell(
      state.sites.isDivided
        ? `\n${why}: every site that was not let save before is asked to put back what it has changed\n`
        : `\n${why}: every touched switch is put back; interrupt again to leave the switches to their commit timers\n`,
    )
  const interrupted = () => say('stopping')
  caller.stop.addEventListener('abort', interrupted)
  const stopping = linkedAbort(stop)
  const resting = linkedAbort(caller.suspend)
  const look = async () => {
    await claim.renew()
    if (stopping.signal.aborted) return
    asked ??= sinceAsked(await store.read(id))
    const request = await store.stopRequest(id, asked)
    if (request !== undefined) {
      say(`stopping, ${asAsked(request)}`)
      isAsked = true
      stopping.abort()
      return
    }
    const rest = resting.signal.aborted ? undefined : await store.suspendRequest(id, asked)
    if (rest === undefined) return
    caller.tell(`\nresting at the next safe point, ${asAsked(rest)}: nothing is undone\n`)
    resting.abort()
  }
  const wakes = wakesOf({ ...definedMembers({ shared }), clock: systemClock }, { of: 'words', execution: id })
  const listen = async () => {
    while (!closed.signal.aborted && !isAsked) {
      // One that is locked for a moment is asked again; one that is lost ends the execution at its next record.
      await look().catch(() => undefined)
      while (!(closed.signal.aborted || (await wakes.pause(LOOK, closed.signal)))) {
        // Nobody has said anything.
      }
    }
  }
  listen().catch(() => undefined)
  return {
    signal: stopping.signal,
    suspend: resting.signal,
    close: async () => {
      closed.abort()
      wakes.close()
      stopping.unlink()
      resting.unlink()
      caller.stop.removeEventListener('abort', interrupted)
      await claim.release()
    },
  }
}

function asAsked({ actor, reason }: { readonly actor: string; readonly reason: string }) {
  return `as ${actor} asks${reason === '' ? '' : ` (${reason})`}`
}

/** Throws as {@link takeUpOpen} and a run do. */
export async function resumeHere(app: App, caller: Caller, id: string, ask: AskMode): Promise<ExecutionState> {
  const { restored } = ask
  const state = await takeUpOpen(app, caller, id, { restored })
  return state.status === 'ended' ? state : run(app, caller, state, ask)
}

/** Once `stop` is aborted, or another process has asked for it, everything is put back; then neither the plan nor the workflow's files need to be as they were. */
export async function run(
  app: App,
  caller: Caller,
  state: ExecutionState,
  ask: AskMode,
  stop: AbortSignal = caller.stop,
): Promise<ExecutionState> {
  const stopping = await listenForStop(app, state, caller, stop)
  const progress = progressOf(state)
  const forget = caller.heed?.(() => progress.lastWord(app.clock.now()))
  try {
    return await runOpened({ app, caller, progress }, state, ask, stopping)
  } catch (error) {
    throw progress.explained(error, app.clock.now())
  } finally {
    forget?.()
    await stopping.close()
    app.tracer?.rest(state.id)
  }
}

async function runOpened(
  running: RunContext,
  state: ExecutionState,
  ask: AskMode,
  { signal: stop, suspend }: StopControl,
) {
  const { ports, close } = await openRun(running, state, ask, stop)
  try {
    const rests = await runExecution(state, ports, stop, suspend)
    if (rests.status === 'ended' || !stop.aborted) return rests
    // Whoever stops what somebody else had rest wants it ended here: what it only reads and waits for is done, too, unless this process has to go.
    return await runExecution(rests, ports, stop, running.caller.suspend)
  } finally {
    await close()
  }
}

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
    throw new EosflowError(
      'busy',
      `execution ${id} is run by another process`,
      hinted(app, { code: 'watch-or-stop', execution: id }),
    )
  }
  const found = await readState(app.store, id)
  if (found.status !== 'ended') await requireItsFeatures(app, found)
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
    throw new EosflowError(
      'busy',
      `execution ${id} was continued by another process`,
      hinted(app, { code: 'watch-or-stop', execution: id }),
    )
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

/** Throws as {@link begin} does. */
export async function beginAndRun(
  app: App,
  caller: Caller,
  beginning: Beginning,
  ask: AskMode,
): Promise<ExecutionState> {
  return run(app, caller, await begin(app, caller, beginning), ask)
}

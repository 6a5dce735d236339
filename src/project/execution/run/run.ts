import { runExecution } from '../../../change/engine/run.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Cursor } from '../../../change/record/event/cursor.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { linkedAbort } from '../../../model/linked-abort.ts'
import type { App } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { AskMode } from '../../approval/approvals.ts'
import { sinceAsked } from '../../history/requests/since-asked.ts'
import { wakesOf } from '../../history/requests/wakes.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { systemClock } from '../../system/machine/system-clock.ts'
import type { Console } from '../../system/process/console.ts'
import { progressOf } from '../journal/progress-journal.ts'
import { openRun, type RunContext } from './open-run.ts'
import { takeUpOpen } from './take-up.ts'

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

import { runExecution } from '../../../change/engine/run.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { App } from '../../app/app.ts'
import type { AskMode } from '../../approval/approvals.ts'
import type { Caller } from '../../identity/caller.ts'
import { progressJournal } from '../journal/progress-journal.ts'
import { openRun, type RunContext } from './open-run.ts'
import { listenForStop, type StopControl } from './stop-control.ts'
import { takeUpOpen } from './take-up.ts'

/** Continues an execution from its journal; one that has ended is given as it ended. Throws as {@link takeUpOpen} and a run do. */
export async function resumeHere(app: App, caller: Caller, id: string, ask: AskMode): Promise<ExecutionState> {
  const { restored } = ask
  const state = await takeUpOpen(app, caller, id, { restored })
  return state.status === 'ended' ? state : run(app, caller, state, ask)
}

/**
 * Runs an execution that is on record until it ends or waits. Once `stop` is aborted, or another process has asked for it,
 * everything is put back; then neither the plan nor the workflow's files need to be as they were.
 */
export async function run(
  app: App,
  caller: Caller,
  state: ExecutionState,
  ask: AskMode,
  stop: AbortSignal = caller.stop,
): Promise<ExecutionState> {
  const stopping = await listenForStop(app, state, caller, stop)
  const journal = progressJournal(app.journalAs(caller.principal), state)
  const forget = caller.heed?.(() => journal.lastWord(app.clock.now()))
  try {
    return await runOpened({ app, caller, journal }, state, ask, stopping)
  } catch (error) {
    throw journal.explained(error, app.clock.now())
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
): Promise<ExecutionState> {
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

import type { ExecutionState } from '../engine/state.ts'
import type { EventBody, JournalEvent } from '../journal/event.ts'
import { EosflowError } from '../model/error.ts'
import { exitCodeOf, settledOr } from './bench.ts'
import { passClock } from './clock/pass-clock.ts'
import { type Bench, run as runOn, takeUp } from './execution.ts'
import { followed } from './follow.ts'

/** Looks without a new record and without a process before an execution is taken over. */
const ALONE = 4

/** Puts the word that executions are to stop on record, outside of them and all at once. Gives the position of the last. */
export async function askToStop(
  { desk, invocation: { io, options } }: Bench,
  executions: readonly string[],
): Promise<number> {
  await passClock(desk.clockRule, io)
  const reason = typeof options.reason === 'string' ? options.reason : ''
  const words = executions.map((stopped): EventBody => ({ type: 'StopRequested', stopped, reason }))
  return (await desk.journal.append(undefined, words)).at(-1)?.seq ?? 0
}

/**
 * Waits for an execution that was asked to stop, at `asked`, until it has ended. Where no process runs it, this one takes it over and
 * puts everything back. Undefined when nobody waits any longer; the request stands. Throws as a run does.
 */
export async function stopped(
  bench: Bench,
  found: ExecutionState,
  asked: number,
  tell: (events: readonly JournalEvent[]) => void,
): Promise<ExecutionState | undefined> {
  const { desk, invocation } = bench
  const { id } = found
  let [since, alone] = [asked, 0]
  for await (const { state, events } of followed(desk, found, invocation.io.stop)) {
    tell(events)
    if (state.status === 'ended') return state
    // Whoever took it up after the request does not see it.
    if (events.some(({ type, seq }) => seq > since && type === 'ExecutionResumed')) since = await askToStop(bench, [id])
    alone = events.length === 0 && !(await desk.claims.isClaimed(id)) ? alone + 1 : 0
    if (alone < ALONE) continue
    const taken = await takeOver(bench, id)
    if (taken !== undefined) {
      return settledOr(bench, id, () => runOn(bench, taken, { detach: true }, AbortSignal.abort()))
    }
    alone = 0
  }
  return undefined
}

/** Stopped as asked is success; whatever else became of the execution has its own code. */
export function exitCodeOfStop(state: ExecutionState): number {
  return state.outcome === 'cancelled' ? 0 : exitCodeOf(state)
}

/** Takes the execution up in this process. Undefined when another process was faster. */
async function takeOver(bench: Bench, id: string): Promise<ExecutionState | undefined> {
  try {
    return await takeUp(bench, id, 'ExecutionResumed')
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'busy') return undefined
    throw error
  }
}

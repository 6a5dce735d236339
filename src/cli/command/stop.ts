import { foldAll } from '../../engine/fold.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { EosflowError } from '../../model/error.ts'
import { atBench, executionNamed, exitCodeOf, recap, report } from '../bench.ts'
import { type Bench, run as runOn, takeUp } from '../execution.ts'
import { followed } from '../follow.ts'
import type { Invocation } from '../io.ts'
import { requireStoppable } from '../policy/entry.ts'
import { progressTeller } from '../watched-journal.ts'

/** Looks without a new record and without a process before an execution is taken over. */
const ALONE = 4

/** As of an interrupted watcher: the request stands. */
const INTERRUPTED = 130

/**
 * Ends an execution from outside. The process that runs it is asked on record and puts everything back; where none runs
 * it, this one takes it over and does so. An execution that has ended is shown.
 */
export async function run(invocation: Invocation): Promise<number> {
  return atBench(invocation, async (bench) => {
    const id = executionNamed(bench, invocation.args[0] ?? '')
    const state = foldAll(id, await bench.desk.store.read(id))
    if (state.status !== 'ended') {
      await requireStoppable(bench, state)
      return stop(bench, state)
    }
    invocation.io.err(`${id} has ended already: nothing to stop\n`)
    return recap(bench, state, 0)
  })
}

async function stop(bench: Bench, found: ExecutionState): Promise<number> {
  const { desk, invocation } = bench
  const { io } = invocation
  const { id } = found
  const tell = progressTeller(io)
  let asked = await ask(bench, id)
  let alone = 0
  io.err(`${id} is asked to stop; every touched switch is put back\n`)
  for await (const { state, events } of followed(desk, found, io.stop)) {
    for (const event of events) tell(event)
    if (state.status === 'ended') return recap(bench, state, exitCodeOfStop(state))
    // Whoever took it up after the request does not see it.
    if (events.some(({ type, seq }) => seq > asked && type === 'ExecutionResumed')) asked = await ask(bench, id)
    alone = events.length === 0 && !desk.claims.isClaimed(id) ? alone + 1 : 0
    if (alone < ALONE) continue
    const taken = await takeOver(bench, id)
    if (taken !== undefined) return finish(bench, taken)
    alone = 0
  }
  io.err(`\nno longer waiting; the request stands\nNext: eosflow watch ${id}\n`)
  return INTERRUPTED
}

/** Puts back in this process what the execution has done. */
function finish(bench: Bench, state: ExecutionState): Promise<number> {
  return report(bench, state.id, () => runOn(bench, state, { detach: true }, AbortSignal.abort()), exitCodeOfStop)
}

/** Puts the request on record, outside the execution. Gives its position. */
async function ask({ desk, invocation: { options } }: Bench, id: string): Promise<number> {
  const reason = typeof options.reason === 'string' ? options.reason : ''
  const [event] = await desk.journal.append(undefined, [{ type: 'StopRequested', stopped: id, reason }])
  return event?.seq ?? 0
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

/** Stopped as asked is success; whatever else became of the execution has its own code. */
function exitCodeOfStop(state: ExecutionState): number {
  return state.outcome === 'cancelled' ? 0 : exitCodeOf(state)
}

import { executionNamed } from '../../app/execution-named.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution } from '../../app/policy/entry.ts'
import { askToRest, isRun, requireNothingLive, rested } from '../../app/suspending.ts'
import { foldAll } from '../../engine/fold.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { atBench, type Bench, exitCodeOf, recap } from '../bench.ts'
import type { Invocation } from '../io.ts'
import { passKey } from '../pass-key.ts'
import { progressTeller } from '../progress-teller.ts'

/** As of an interrupted watcher: the request is on record. */
const INTERRUPTED = 130

/**
 * Has an execution rest at its next safe point: nothing is begun any more and nothing is undone. The process that runs it is asked on
 * record, and this one waits until it has ended. Where none runs it, it rests already, and nothing is put on record.
 */
export async function run(invocation: Invocation): Promise<number> {
  const work = async (bench: Bench): Promise<number> => {
    const { desk } = bench
    const { io } = invocation
    passKey(desk, io)
    const id = await executionNamed(bench, invocation.args[0] ?? '')
    const state = foldAll(id, await desk.store.read(id))
    if (state.status === 'ended') {
      await requireAllowed(bench, 'execution.read', aboutExecution(state))
      io.err(`${id} has ended already: nothing to suspend\n`)
      return recap(bench, state, 0)
    }
    await requireAllowed(bench, 'execution.stop', { ...aboutExecution(state), underway: true })
    if (await isRun(bench, id)) return suspend(bench, state)
    requireNothingLive(state)
    io.err(`${id} rests already: no process runs it\n`)
    return recap(bench, state, 0)
  }
  return atBench(invocation, work, { despiteCheckpointKey: true })
}

async function suspend(bench: Bench, found: ExecutionState): Promise<number> {
  const { io, options } = bench.invocation
  const { id } = found
  const asked = await askToRest(bench, id, typeof options.reason === 'string' ? options.reason : '')
  io.err(`${id} is asked to rest; an armed switch is confirmed or put back first, nothing else is undone\n`)
  const state = await rested(bench, found, asked, progressTeller(bench.invocation, found))
  if (state !== undefined) return recap(bench, state, state.status === 'ended' ? exitCodeOf(state) : 0)
  io.err(`\nno longer waiting; the request is on record\nNext: eosflow watch ${id}\n`)
  return INTERRUPTED
}

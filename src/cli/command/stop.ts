import { executionNamed } from '../../app/execution-named.ts'
import { InputError } from '../../app/input-error.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution, requireStoppable } from '../../app/policy/entry.ts'
import { askToStop, stopped } from '../../app/stopping.ts'
import { foldAll } from '../../engine/fold.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { problemOf } from '../../model/problem.ts'
import { atBench, type Bench, exitCodeOfStop, recap } from '../bench.ts'
import type { Invocation } from '../io.ts'
import { passKey } from '../pass-key.ts'
import { progressTeller } from '../progress-teller.ts'
import { stopAll } from '../stop-all.ts'

/** As of an interrupted watcher: the request stands. */
const INTERRUPTED = 130

/**
 * Ends an execution from outside, or with `--all` every open one. The process that runs it is asked on record and puts everything
 * back; where none runs it, this one takes it over and does so. An execution that has ended is shown.
 */
export async function run(invocation: Invocation): Promise<number> {
  const [word] = invocation.args
  if ((word === undefined) !== (invocation.options.all === true)) throw new InputError([oneOrAll(word)])
  const work = async (bench: Bench): Promise<number> => {
    passKey(bench.desk, invocation.io)
    if (word === undefined) return stopAll(bench)
    const id = await executionNamed(bench, word)
    const state = foldAll(id, await bench.desk.store.read(id))
    if (state.status !== 'ended') {
      await requireStoppable(bench, state)
      return stop(bench, state)
    }
    await requireAllowed(bench, 'execution.read', aboutExecution(state))
    invocation.io.err(`${id} has ended already: nothing to stop\n`)
    return recap(bench, state, 0)
  }
  return atBench(invocation, work, { despiteCheckpointKey: true })
}

async function stop(bench: Bench, found: ExecutionState): Promise<number> {
  const { io } = bench.invocation
  const { id } = found
  const { options } = bench.invocation
  const reason = typeof options.reason === 'string' ? options.reason : ''
  const asked = await askToStop(bench, [id], reason)
  io.err(`${id} is asked to stop; every touched switch is put back\n`)
  const state = await stopped(bench, found, { asked, reason }, progressTeller(bench.invocation, found))
  if (state !== undefined) return recap(bench, state, exitCodeOfStop(state))
  io.err(`\nno longer waiting; the request to stop remains on record\nNext: eosflow watch ${id}\n`)
  return INTERRUPTED
}

function oneOrAll(word: string | undefined): ConstructorParameters<typeof InputError>[0][number] {
  const message =
    word === undefined ? 'no execution is named' : '--all stops every open execution, and one is named too'
  return problemOf('stop', 'bad-usage', message, 'Name an execution, or write --all without one.')
}

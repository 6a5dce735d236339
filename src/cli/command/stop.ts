import { executionNamed } from '../../app/execution-named.ts'
import { InputError } from '../../app/input-error.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution, requireStoppable } from '../../app/policy/entry.ts'
import { askToStop, stopped } from '../../app/stopping.ts'
import { requireNotRestored } from '../../app/store/restored.ts'
import { foldAll } from '../../engine/fold.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { problemOf } from '../../model/problem.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { exitCodeOfStop, recap } from '../execution-report.ts'
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
  const work = async (context: CommandContext): Promise<number> => {
    const { app, caller, invocation } = context
    passKey(app, invocation.io)
    if (word === undefined) return stopAll(context)
    const id = await executionNamed(app, word)
    const state = foldAll(id, await app.store.read(id))
    if (state.status !== 'ended') {
      await requireStoppable(app, caller, state)
      return stop(context, state)
    }
    await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
    invocation.io.err(`${id} has ended already: nothing to stop\n`)
    return recap(context, state, 0)
  }
  return withApp(invocation, work, { despiteCheckpointKey: true })
}

async function stop(context: CommandContext, found: ExecutionState): Promise<number> {
  const { app, caller, invocation } = context
  const { io } = invocation
  const { id } = found
  const { options } = invocation
  const reason = typeof options.reason === 'string' ? options.reason : ''
  const restored = options.restored === true
  await requireNotRestored(app, id, await app.store.read(id), restored)
  const asked = await askToStop(app, caller, [id], reason)
  io.err(`${id} is asked to stop; every touched switch is put back\n`)
  const state = await stopped(app, caller, found, { asked, reason, restored }, progressTeller(invocation, found))
  if (state !== undefined) return recap(context, state, exitCodeOfStop(state))
  io.err(`\nno longer waiting; the request to stop remains on record\nNext: eosflow watch ${id}\n`)
  return INTERRUPTED
}

function oneOrAll(word: string | undefined): ConstructorParameters<typeof InputError>[0][number] {
  const message =
    word === undefined ? 'no execution is named' : '--all stops every open execution, and one is named too'
  return problemOf('stop', 'bad-usage', message, 'Name an execution, or write --all without one.')
}

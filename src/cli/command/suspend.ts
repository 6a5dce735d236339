import { executionNamed } from '../../app/execution-named.ts'
import { isRun } from '../../app/is-run.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution } from '../../app/policy/entry.ts'
import { askToRest, requireNothingLive, rested } from '../../app/suspending.ts'
import { foldAll } from '../../engine/fold.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { exitCodeOf, recap } from '../execution-report.ts'
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
  const work = async (context: CommandContext): Promise<number> => {
    const { app, caller, invocation } = context
    const { io } = invocation
    passKey(app, io)
    const id = await executionNamed(app, invocation.args[0] ?? '')
    const state = foldAll(id, await app.store.read(id))
    if (state.status === 'ended') {
      await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
      io.err(`${id} has ended already: nothing to suspend\n`)
      return recap(context, state, 0)
    }
    await requireAllowed(app, caller, 'execution.stop', { ...aboutExecution(state), underway: true })
    if (await isRun(app, id)) return suspend(context, state)
    requireNothingLive(app, state)
    io.err(`${id} rests already: no process runs it\n`)
    return recap(context, state, 0)
  }
  return withApp(invocation, work, { despiteCheckpointKey: true })
}

async function suspend(context: CommandContext, found: ExecutionState): Promise<number> {
  const { app, caller, invocation } = context
  const { io, options } = invocation
  const { id } = found
  const asked = await askToRest(app, caller, id, typeof options.reason === 'string' ? options.reason : '')
  io.err(`${id} is asked to rest; an armed switch is confirmed or put back first, nothing else is undone\n`)
  const state = await rested(app, caller, found, asked, progressTeller(invocation, found))
  if (state !== undefined) return recap(context, state, state.status === 'ended' ? exitCodeOf(state) : 0)
  io.err(`\nno longer waiting; the request is on record\nNext: eosflow watch ${id}\n`)
  return INTERRUPTED
}

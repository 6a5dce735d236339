import { foldAll } from '../../engine/fold.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { liveSwitches } from '../../engine/suspend.ts'
import type { JournalEvent } from '../../journal/event.ts'
import { EosflowError } from '../../model/error.ts'
import { atBench, executionNamed, exitCodeOf, recap } from '../bench.ts'
import { passClock } from '../clock/pass-clock.ts'
import type { Bench } from '../execution.ts'
import { followed } from '../follow.ts'
import type { Invocation } from '../io.ts'
import { passKey } from '../pass-key.ts'
import { requireAllowed } from '../policy/authority.ts'
import { aboutExecution } from '../policy/entry.ts'
import { progressTeller } from '../watched-journal.ts'

/** Looks without a new record and without a process before an execution rests. */
const ALONE = 4

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
    if (await desk.claims.isClaimed(id)) return suspend(bench, state)
    requireNothingLive(state)
    io.err(`${id} rests already: no process runs it\n`)
    return recap(bench, state, 0)
  }
  return atBench(invocation, work, { despiteCheckpointKey: true })
}

async function suspend(bench: Bench, found: ExecutionState): Promise<number> {
  const { desk, invocation } = bench
  const { io, options } = invocation
  const { id } = found
  await passClock(desk.clockRule, io)
  const reason = typeof options.reason === 'string' ? options.reason : ''
  const asked = await desk.journal.append(undefined, [{ type: 'SuspendRequested', suspended: id, reason }])
  io.err(`${id} is asked to rest; an armed switch is confirmed or put back first, nothing else is undone\n`)
  const state = await rested(bench, found, asked.at(-1)?.seq ?? 0)
  if (state === undefined) {
    io.err(`\nno longer waiting; the request is on record\nNext: eosflow watch ${id}\n`)
    return INTERRUPTED
  }
  if (state.status === 'ended') return recap(bench, state, exitCodeOf(state))
  requireNothingLive(state)
  return recap(bench, state, 0)
}

/** Waits until no process runs an execution. Undefined when nobody waits any longer. Throws `busy` when it was taken up again meanwhile. */
async function rested(bench: Bench, found: ExecutionState, asked: number): Promise<ExecutionState | undefined> {
  const { desk, invocation } = bench
  const tell = progressTeller(invocation, found)
  let alone = 0
  for await (const { state, events } of followed(desk, found, invocation.io.stop)) {
    tell(events)
    if (state.status === 'ended') return state
    requireNotResumed(found.id, events, asked)
    alone = events.length === 0 && !(await desk.claims.isClaimed(found.id)) ? alone + 1 : 0
    if (alone >= ALONE) return state
  }
  return undefined
}

function requireNotResumed(id: string, events: readonly JournalEvent[], asked: number): void {
  const resumed = events.find(({ type, seq }) => type === 'ExecutionResumed' && seq > asked)
  if (resumed === undefined) return
  throw new EosflowError('busy', `${id} was resumed by ${resumed.actor} after it was asked to rest: it goes on`, {
    hint: `eosflow watch ${id}`,
  })
}

/** Throws `rollback-incomplete` where the process that ran the execution is gone and a switch of it may run its change. */
function requireNothingLive(state: ExecutionState): void {
  const live = liveSwitches(state)
  if (live.length === 0) return
  throw new EosflowError(
    'rollback-incomplete',
    `${state.id} is not at a safe point, and no process runs it: ${live.join(', ')} not settled. A running commit timer puts an unconfirmed change back by itself.`,
    { hint: `eosflow resume ${state.id}` },
  )
}

import type { AskMode } from '../app/approvals.ts'
import { resume } from '../app/execution.ts'
import { followed } from '../app/follow.ts'
import { requireAllowed } from '../app/policy/authority.ts'
import { aboutExecution, requireResumable } from '../app/policy/entry.ts'
import { foldAll } from '../engine/fold.ts'
import { type ExecutionState, newExecution } from '../engine/state.ts'
import { EosflowError } from '../model/error.ts'
import type { CommandContext } from './compose.ts'
import { recap, report } from './execution-report.ts'
import { progressTeller } from './progress-teller.ts'

/** How an interrupted caller ends: that says nothing about the execution, which goes on. */
const INTERRUPTED = 130

/** Looks without a new record before nobody is taken to run an execution: whoever has begun it claims it a moment later. */
const SETTLED = 4

/**
 * Gives whoever asks once more the execution that is on record: its end, or the way there. One that another process runs is followed, or
 * with `detach` refused as `busy`; one that nobody runs is taken up. Gives the exit code.
 */
export async function again(context: CommandContext, id: string, ask: AskMode): Promise<number> {
  const { app, caller, invocation } = context
  const { io } = invocation
  const found = foldAll(id, await app.store.read(id))
  await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
  io.err(`asked for before: execution ${id}; nothing is begun a second time\n`)
  if (found.status === 'ended') return recap(context, found)
  const left = await untilLeft(context, id, ask.detach === true)
  if (left === undefined) {
    io.err(`\nno longer watching; ${id} goes on\nNext: eosflow watch ${id}\n`)
    return INTERRUPTED
  }
  if (left.status === 'ended') return recap(context, left)
  await requireResumable(app, caller, left)
  return report(context, id, () => resume(app, caller, id, ask))
}

/** Follows an execution until it ends or nobody runs it; undefined when the caller is interrupted. Throws `busy` where nobody is to wait. */
async function untilLeft(
  { app, invocation }: CommandContext,
  id: string,
  isDetached: boolean,
): Promise<ExecutionState | undefined> {
  const { io } = invocation
  const tell = progressTeller(invocation)
  for await (const { state, events, silent } of followed(app, newExecution(id), io.stop)) {
    tell(events)
    if (state.status === 'ended') return state
    if (!(await app.claims.isClaimed(id))) {
      if (silent >= SETTLED) return state
    } else if (isDetached) {
      throw new EosflowError('busy', `execution ${id} is run by another process at this moment`, {
        hint: `eosflow watch ${id}`,
      })
    }
  }
  return undefined
}

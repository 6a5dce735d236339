import type { AskMode } from '../app/approvals.ts'
import { resume } from '../app/execution.ts'
import { requireAllowed } from '../app/policy/authority.ts'
import { aboutExecution, requireResumable } from '../app/policy/entry.ts'
import { untilLeft } from '../app/watching.ts'
import { foldAll } from '../engine/fold.ts'
import type { CommandContext } from './compose.ts'
import { recap, report } from './execution-report.ts'
import { progressTeller } from './progress-teller.ts'

/** How an interrupted caller ends: that says nothing about the execution, which goes on. */
const INTERRUPTED = 130

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
  const watcher = { stop: io.stop, seen: progressTeller(invocation), detached: ask.detach === true }
  const left = await untilLeft(app, id, watcher)
  if (left === undefined) {
    io.err(`\nno longer watching; ${id} goes on\nNext: eosflow watch ${id}\n`)
    return INTERRUPTED
  }
  if (left.status === 'ended') return recap(context, left)
  await requireResumable(app, caller, left)
  return report(context, id, () => resume(app, caller, id, ask))
}

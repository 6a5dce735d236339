import type { AskMode } from '../../../project/approval/approvals.ts'
import { resume } from '../../../project/execution/resume/carry-out.ts'
import { watchBegun } from '../../../project/history/watch/watch-begun.ts'
import type { CommandContext } from '../terminal/compose.ts'
import { progressTeller } from '../terminal/progress-teller.ts'
import { noLongerWatching, recap, report } from './execution-report.ts'

/**
 * Gives whoever asks once more the execution that is on record: its end, or the way there. One that another process runs is followed, or
 * with `detach` refused as `busy`; one that nobody runs is taken up, unless a person has suspended it. Gives the exit code.
 */
export async function again(context: CommandContext, id: string, ask: AskMode): Promise<number> {
  const { app, caller, invocation } = context
  const left = await watchBegun(app, caller, id, ask.detach === true, progressTeller(invocation))
  if (left === undefined) return noLongerWatching(invocation, id)
  if (left.isLeft) return recap(context, left.state)
  return report(context, id, () => resume(app, caller, id, ask))
}

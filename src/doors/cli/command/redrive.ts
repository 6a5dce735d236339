import { carryOut } from '../../../project/execution/resume/carry-out.ts'
import { redrive } from '../../../project/execution/resume/redrive.ts'
import { report } from '../execution/execution-report.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/**
 * Starts an ended execution again from where it failed. What was put back is done again from the comparison with the
 * approved base on, and every push compares base and diff with the plan as ever.
 */
export async function run(invocation: Invocation): Promise<number> {
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const state = await redrive(app, caller, invocation.args[0] ?? '')
    return report(context, state.id, () => carryOut(app, caller, state, { detach: invocation.options.detach === true }))
  })
}

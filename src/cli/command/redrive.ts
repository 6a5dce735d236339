import { carryOut } from '../../app/execution/carry-out.ts'
import { redrive } from '../../app/execution/redrive.ts'
import { withApp } from '../compose.ts'
import { report } from '../execution-report.ts'
import type { Invocation } from '../io.ts'

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

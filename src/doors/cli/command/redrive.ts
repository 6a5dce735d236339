import { carryOut } from '../../../project/execution/resume/carry-out.ts'
import { redrive } from '../../../project/execution/resume/redrive.ts'
import { report } from '../execution/execution-report.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const state = await redrive(app, caller, invocation.args[0] ?? '')
    return report(context, state.id, () => carryOut(app, caller, state, { detach: invocation.options.detach === true }))
  })
}

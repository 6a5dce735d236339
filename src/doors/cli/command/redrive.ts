import { redrive } from '../../../project/execution/resume/resume.ts'
import { carryOut } from '../../../project/execution/run/carry-out.ts'
import { report } from '../execution/execution-report.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async (context) => {
  const { app, caller, invocation } = context
  const state = await redrive(app, caller, invocation.args[0] ?? '')
  return report(context, state.id, () => carryOut(app, caller, state, { detach: invocation.options.detach === true }))
})

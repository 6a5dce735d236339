import { requireSwitchClocks } from '../../app/clock/switch-clocks.ts'
import { run as runOn, takeUp } from '../../app/execution.ts'
import { changeNamed } from '../../app/execution-named.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution } from '../../app/policy/entry.ts'
import { requireRedrivable } from '../../app/redrive.ts'
import { foldAll } from '../../engine/fold.ts'
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
    const id = await changeNamed(app, invocation.args[0] ?? '', { kept: false })
    const found = foldAll(id, await app.store.read(id))
    await requireAllowed(app, caller, 'execution.start', aboutExecution(found))
    await requireRedrivable(app, caller, found)
    await app.clockRule?.require()
    await requireSwitchClocks(app, caller, found.targets)
    const state = await takeUp(app, caller, id, 'ExecutionRedriven')
    return report(context, id, () => runOn(app, caller, state, { detach: invocation.options.detach === true }))
  })
}

import { requireSwitchClocks } from '../../app/clock/switch-clocks.ts'
import { run as runOn, takeUp } from '../../app/execution.ts'
import { changeNamed } from '../../app/execution-named.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution } from '../../app/policy/entry.ts'
import { requireRedrivable } from '../../app/redrive.ts'
import { foldAll } from '../../engine/fold.ts'
import { atBench, report } from '../bench.ts'
import type { Invocation } from '../io.ts'

/**
 * Starts an ended execution again from where it failed. What was put back is done again from the comparison with the
 * approved base on, and every push compares base and diff with the plan as ever.
 */
export async function run(invocation: Invocation): Promise<number> {
  return atBench(invocation, async (bench) => {
    const id = await changeNamed(bench, invocation.args[0] ?? '', { kept: false })
    const found = foldAll(id, await bench.desk.store.read(id))
    await requireAllowed(bench, 'execution.start', aboutExecution(found))
    await requireRedrivable(bench, found)
    await bench.desk.clockRule?.require()
    await requireSwitchClocks(bench, found.targets)
    const state = await takeUp(bench, id, 'ExecutionRedriven')
    return report(bench, id, () => runOn(bench, state, { detach: invocation.options.detach === true }))
  })
}

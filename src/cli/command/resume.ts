import { requireSwitchClocks } from '../../app/clock/switch-clocks.ts'
import { resume } from '../../app/execution.ts'
import { executionNamed } from '../../app/execution-named.ts'
import { mostUrgent } from '../../app/most-urgent.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution, requireResumable } from '../../app/policy/entry.ts'
import { foldAll } from '../../engine/fold.ts'
import { unsettled } from '../../engine/undo.ts'
import { atBench, type Bench, report } from '../bench.ts'
import type { Invocation } from '../io.ts'

/** Continues an execution after a crash or an approval, the most urgent one first. One that has ended is shown and nothing is done. */
export async function run(invocation: Invocation): Promise<number> {
  return atBench(invocation, async (bench) => {
    const id = await chosen(bench, invocation.args[0])
    const state = foldAll(id, await bench.desk.store.read(id))
    if (state.status === 'ended') await requireAllowed(bench, 'execution.read', aboutExecution(state))
    else {
      await requireResumable(bench, state)
      // Where its change is live no time is lost, and nothing of a clock keeps it from being put back.
      if (unsettled(state).length === 0) await requireSwitchClocks(bench, state.targets)
    }
    return report(bench, id, () => resume(bench, id, { detach: invocation.options.detach === true }))
  })
}

/** The execution that is named; else the one whose commit timer runs out first, else the newest. Throws InputError. */
async function chosen(bench: Bench, word: string | undefined): Promise<string> {
  const urgent = word === undefined ? await mostUrgent(bench.desk) : undefined
  if (urgent === undefined) return executionNamed(bench, word ?? '@latest')
  const { id, device, seconds } = urgent
  bench.invocation.io.err(`resuming ${id}: the commit timer of ${device} runs out in ${seconds} s\n`)
  return id
}

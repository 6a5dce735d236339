import { foldAll } from '../../engine/fold.ts'
import { atBench, executionNamed, report } from '../bench.ts'
import { resume } from '../execution.ts'
import type { Invocation } from '../io.ts'
import { requireResumable } from '../policy/entry.ts'

/** Continues an execution after a crash or an approval. One that has ended is shown and nothing is done. */
export async function run(invocation: Invocation): Promise<number> {
  return atBench(invocation, async (bench) => {
    const id = executionNamed(bench, invocation.args[0] ?? '@latest')
    const state = foldAll(id, await bench.desk.store.read(id))
    if (state.status !== 'ended') await requireResumable(bench, state)
    return report(bench, id, () => resume(bench, id, { detach: invocation.options.detach === true }))
  })
}

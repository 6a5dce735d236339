import { type KeptTexts, overwriting } from './act-once.ts'
import { changeTexts } from './beside-target.ts'
import { besideTarget } from './config-changes.ts'
import type { TaskContext } from './context.ts'

/** What goes with an abort or a restore, by running-config as it was right before: what EOS or somebody else has changed besides the change. */
export function goneWith(
  context: Pick<TaskContext<unknown>, 'history' | 'texts'>,
  name: string,
): (running: string) => Promise<KeptTexts> {
  return async (running) => {
    if (context.history(name).armedRecord === undefined) return {}
    const change = await changeTexts(context, name)
    return change === undefined ? {} : overwriting(besideTarget(change, running).foreign)
  }
}

import { requireSwitchClocks } from '../../app/clock/switch-clocks.ts'
import { resume } from '../../app/execution.ts'
import { executionNamed } from '../../app/execution-named.ts'
import { mostUrgent } from '../../app/most-urgent.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution, requireResumable } from '../../app/policy/entry.ts'
import { requireNotRestored } from '../../app/store/restored.ts'
import { foldAll } from '../../engine/fold.ts'
import { unsettled } from '../../engine/undo.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { report } from '../execution-report.ts'
import type { Invocation } from '../io.ts'

/** Continues an execution after a crash or an approval, the most urgent one first. One that has ended is shown and nothing is done. */
export async function run(invocation: Invocation): Promise<number> {
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const id = await chosen(context, invocation.args[0])
    const events = await app.store.read(id)
    const state = foldAll(id, events)
    if (state.status === 'ended') await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
    else {
      await requireResumable(app, caller, state)
      await requireNotRestored(app, id, events, invocation.options.restored === true)
      // Where its change is live no time is lost, and nothing of a clock keeps it from being put back.
      if (unsettled(state).length === 0) await requireSwitchClocks(app, caller, state.targets)
    }
    return report(context, id, () =>
      resume(app, caller, id, {
        detach: invocation.options.detach === true,
        restored: invocation.options.restored === true,
      }),
    )
  })
}

/** The execution that is named; else the one whose commit timer runs out first, else the newest. Throws InputError. */
async function chosen({ app, invocation }: CommandContext, word: string | undefined): Promise<string> {
  const urgent = word === undefined ? await mostUrgent(app) : undefined
  if (urgent === undefined) return executionNamed(app, word ?? '@latest')
  const { id, device, seconds } = urgent
  invocation.io.err(`resuming ${id}: the commit timer of ${device} runs out in ${seconds} s\n`)
  return id
}

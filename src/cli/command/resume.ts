import { resume } from '../../app/execution/carry-out.ts'
import { executionToResume } from '../../app/execution/execution-to-resume.ts'
import { withApp } from '../compose.ts'
import { report } from '../execution-report.ts'
import type { Invocation } from '../io.ts'

/** Continues an execution after a crash or an approval, the most urgent one first. One that has ended is shown and nothing is done. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, options } = invocation
  const restored = options.restored === true
  const work: Parameters<typeof withApp>[1] = async (context) => {
    const { app, caller } = context
    const { id, allowed } = await executionToResume(app, caller, args[0], restored)
    return report(context, id, () => resume(app, caller, id, { detach: options.detach === true, restored }, allowed))
  }
  return withApp(invocation, work, { restores: true })
}

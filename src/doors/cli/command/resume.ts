import { executionToResume, nextToResume, resume } from '../../../project/execution/resume/carry-out.ts'
import { report } from '../execution/execution-report.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Continues an execution after a crash or an approval, the most urgent one first. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, options } = invocation
  const restored = options.restored === true
  const work: Parameters<typeof withApp>[1] = async (context) => {
    const { app, caller } = context
    const word = args[0] || (await nextToResume(app, caller))
    if (word === undefined) return nothingToResume(invocation)
    const { id, allowed } = await executionToResume(app, caller, word, restored)
    return report(context, id, () => resume(app, caller, id, { detach: options.detach === true, restored }, allowed))
  }
  return withApp(invocation, work, { restores: true })
}

function nothingToResume({ io, global }: Invocation) {
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, execution: null, exitCode: 0 })}\n`
      : 'Nothing to resume: no execution is open.\nNext: eosflow executions\n',
  )
  return 0
}

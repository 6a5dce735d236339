import { executionToResume, nextToResume, resume } from '../../../project/execution/resume/resume.ts'
import { report } from '../execution/execution-report.ts'
import { appCommand } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Continues an execution after a crash or an approval, the most urgent one first. */
export const run = appCommand(
  async (context) => {
    const { app, caller, args, options, invocation } = context
    const restored = options.restored === true
    const word = args[0] || (await nextToResume(app, caller))
    if (word === undefined) return nothingToResume(invocation)
    const { id, allowed } = await executionToResume(app, caller, word, restored)
    return report(context, id, () => resume(app, caller, id, { detach: options.detach === true, restored }, allowed))
  },
  { despiteUnknownKeys: true, restores: true },
)

function nothingToResume({ io, global }: Invocation) {
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, execution: null, exitCode: 0 })}\n`
      : 'Nothing to resume: no execution is open.\nNext: eosflow executions\n',
  )
  return 0
}

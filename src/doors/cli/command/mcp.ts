import { definedMembers } from '../../../model/defined-members.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { serveAgentsHere } from '../../http/agent/agents-here.ts'
import { rehearseInThread } from '../../http/rehearse-thread.ts'
import { exitCodeOfFault } from '../outcome/exit-code.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'
import { threadModule } from '../thread/thread-module.ts'

export function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const { project, store } = global
  const place = { ...definedMembers({ project, store }) }
  return withApp(invocation, async ({ app }) => {
    await serveAgentsHere({
      app,
      calling: async () => (await callerOf(app.project, io)).principal,
      console: io,
      rehearse: (plan, progress) =>
        rehearseInThread(threadModule('rehearse-plan'), { cwd: io.cwd, place, plan }, progress),
      exitCodeOf: exitCodeOfFault,
      input: process.stdin,
      output: process.stdout,
    })
    return 0
  })
}

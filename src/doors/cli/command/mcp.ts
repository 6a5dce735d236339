import { definedMembers } from '../../../model/json.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { serveAgentsHere } from '../../http/agent/agents-here.ts'
import { rehearseInThread } from '../../http/rehearse-thread.ts'
import { exitCodeOfFault } from '../outcome/exit-code.ts'
import { appCommand } from '../terminal/compose.ts'
import { threadModule } from '../thread/thread-module.ts'

export const run = appCommand(async ({ app, io, global: { project, store } }) => {
  const place = definedMembers({ project, store })
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

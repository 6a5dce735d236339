import { callerOf } from '../../app/login/caller.ts'
import { serveAgentsHere } from '../../server/agent/agents-here.ts'
import { rehearseInThread } from '../../server/rehearse-thread.ts'
import { withApp } from '../compose.ts'
import { exitCodeOfFault } from '../exit-code.ts'
import type { Invocation } from '../io.ts'
import { threadModule } from '../thread-module.ts'

/** Serves the agent that has started this command, over its standard input and output, until it closes them. */
export function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const { project, store } = global
  const place = { ...(project === undefined ? {} : { project }), ...(store === undefined ? {} : { store }) }
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

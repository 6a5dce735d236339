import { runDue } from '../../app/schedule/run-due.ts'
import { schedulesJson, schedulesText } from '../../report/schedule.ts'
import { rehearseInThread } from '../../server/rehearse-thread.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { threadModule } from '../thread-module.ts'

/** Does what is due and ends, for a timer of the system or a pipeline; a schedule that is named is started by hand. Exit 6 when one has failed. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  const { project: dir, store } = global
  const place = { ...(dir === undefined ? {} : { project: dir }), ...(store === undefined ? {} : { store }) }
  return withApp(invocation, async ({ app, caller }) => {
    const { rows, hasFailed } = await runDue(app, caller, {
      name: args[0],
      rehearse: (plan) =>
        rehearseInThread(threadModule('rehearse-plan'), { cwd: io.cwd, place, plan }, () => undefined),
    })
    io.out(
      global.json ? `${JSON.stringify(schedulesJson(rows))}\n` : `${schedulesText(rows)}\nNext: eosflow executions\n`,
    )
    return hasFailed ? 6 : 0
  })
}

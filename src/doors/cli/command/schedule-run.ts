import { runDue } from '../../../features/schedule/perform-schedule.ts'
import { definedMembers } from '../../../model/json.ts'
import { schedulesJson, schedulesText } from '../../../report/phrases/schedule.ts'
import { rehearseInThread } from '../../http/rehearse-thread.ts'
import { appCommand } from '../terminal/compose.ts'
import { threadModule } from '../thread/thread-module.ts'

/** Exit 6 when one has failed. */
export const run = appCommand(async ({ app, caller, io, args, global }) => {
  const { project, store } = global
  const place = definedMembers({ project, store })
  const { rows, hasFailed } = await runDue(app, caller, {
    name: args[0],
    rehearse: (plan) => rehearseInThread(threadModule('rehearse-plan'), { cwd: io.cwd, place, plan }, () => undefined),
  })
  io.out(
    global.json ? `${JSON.stringify(schedulesJson(rows))}\n` : `${schedulesText(rows)}\nNext: eosflow executions\n`,
  )
  return hasFailed ? 6 : 0
})

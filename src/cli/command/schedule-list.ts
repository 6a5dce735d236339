import { listSchedules } from '../../app/schedule/list-schedules.ts'
import { schedulesJson, schedulesText } from '../../report/schedule.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

/** Lists the schedules: when each is due next, and what became of its last instant. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const rows = await listSchedules(app, caller)
    io.out(global.json ? `${JSON.stringify(schedulesJson(rows))}\n` : `${schedulesText(rows)}\n`)
    return 0
  })
}

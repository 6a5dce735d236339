import { endAfter } from '../../../features/schedule/list-schedules.ts'
import { givenReason } from '../option/options.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Ends the watch that goes on after a change was confirmed, on record. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  const reason = givenReason(invocation, 'why nobody has to look any more')
  return withApp(invocation, async ({ app, caller }) => {
    const schedule = await endAfter(app, caller, { schedule: args[0] ?? '', reason })
    io.out(
      global.json
        ? `${JSON.stringify({ version: 1, kind: 'schedule-end', schedule })}\n`
        : `${schedule} is ended\nNext: eosflow schedule list\n`,
    )
    return 0
  })
}

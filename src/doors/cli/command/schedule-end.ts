import { endAfter } from '../../../features/schedule/list-schedules.ts'
import { givenReason } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'

/** Ends the watch that goes on after a change was confirmed, on record. */
export const run = judgedCommand(
  (invocation) => givenReason(invocation, 'why nobody has to look any more'),
  async ({ app, caller, io, args, global }, reason) => {
    const schedule = await endAfter(app, caller, { schedule: args[0] ?? '', reason })
    io.out(
      global.json
        ? `${JSON.stringify({ version: 1, kind: 'schedule-end', schedule })}\n`
        : `${schedule} is ended\nNext: eosflow schedule list\n`,
    )
    return 0
  },
)

import { acceptClock } from '../../../project/record/upkeep/accept-clock.ts'
import { acceptedText } from '../../../report/accepted-clock.ts'
import { givenReason } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'

export const run = judgedCommand(
  (invocation) => givenReason(invocation, 'why the clock is right and the record is not'),
  async ({ app, caller, io, global }, reason) => {
    const accepted = await acceptClock(app, caller, reason)
    if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'clock-accepted', ...accepted })}\n`)
    else if (accepted === undefined) io.out('Nothing to accept: no record is newer than this clock\n')
    else io.out(`${acceptedText(accepted)}\nNext: eosflow doctor\n`)
    return 0
  },
)

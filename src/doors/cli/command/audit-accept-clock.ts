import { acceptClock } from '../../../project/record/upkeep/accept-clock.ts'
import { acceptedText } from '../../../report/accepted-clock.ts'
import { givenReason } from '../option/options.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const reason = givenReason(invocation, 'why the clock is right and the record is not')
  return withApp(invocation, async ({ app, caller }) => {
    const accepted = await acceptClock(app, caller, reason)
    if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'clock-accepted', ...accepted })}\n`)
    else if (accepted === undefined) io.out('Nothing to accept: no record is newer than this clock\n')
    else io.out(`${acceptedText(accepted)}\nNext: eosflow doctor\n`)
    return 0
  })
}

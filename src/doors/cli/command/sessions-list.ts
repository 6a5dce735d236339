import { keptBecause, sessionsOn } from '../../../project/switches/sessions/recover.ts'
import type { WordedHost } from '../../../project/system/process/host.ts'
import { sessionsAs } from '../../../report/sessions/formats.ts'
import type { SwitchSessions } from '../../../report/sessions/sessions.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const listed = await sessionsOn(app, caller, text(options.target))
    if (global.json) io.out(`${sessionsAs.json(listed)}\n`)
    else io.out(`${sessionsAs.text(listed)}\n`)
    const failed = listed.flatMap((one) => ('failure' in one ? [one.device] : []))
    if (!global.json && mayGo(listed, io)) io.out('Next: eosflow sessions gc\n')
    else if (!global.json && failed.length === 0) io.out('Next: eosflow executions\n')
    sayRepeat(invocation, { failed, of: listed.length, results: listed })
    return gravest(listed.map((one) => ('failure' in one ? exitCodeOfThrown(one.failure) : 0)))
  })
}

function mayGo(listed: readonly SwitchSessions[], io: WordedHost) {
  return listed.some(
    (one) => !('failure' in one) && one.sessions.some((session) => keptBecause(session, false, io) === undefined),
  )
}

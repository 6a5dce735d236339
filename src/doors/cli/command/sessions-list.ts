import { keptBecause, sessionsOn } from '../../../project/switches/sessions/recover.ts'
import type { WordedHost } from '../../../project/system/process/host.ts'
import { type SwitchSessions, sessionsAs } from '../../../report/sessions/formats.ts'
import { text } from '../option/options.ts'
import { endOfEach } from '../outcome/repeat.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, io, options, global, invocation }) => {
  const listed = await sessionsOn(app, caller, text(options.target))
  io.out(global.json ? `${sessionsAs.json(listed)}\n` : `${sessionsAs.text(listed)}\n`)
  if (!global.json && mayGo(listed, io)) io.out('Next: eosflow sessions gc\n')
  else if (!global.json && listed.every((one) => !('failure' in one))) io.out('Next: eosflow executions\n')
  return endOfEach(invocation, listed, { nameOf: ({ device }) => device })
})

function mayGo(listed: readonly SwitchSessions[], io: WordedHost) {
  return listed.some(
    (one) => !('failure' in one) && one.sessions.some((session) => keptBecause(session, false, io) === undefined),
  )
}

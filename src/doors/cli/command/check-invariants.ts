import { judgeRunning } from '../../../project/switches/check/judge-running.ts'
import { invariantsAs } from '../../../report/invariants/formats.ts'
import type { InvariantsOfSwitch } from '../../../report/invariants/invariants-of-switch.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown } from '../outcome/exit-code.ts'
import { endOfEach } from '../outcome/repeat.ts'
import { appCommand } from '../terminal/compose.ts'

/** Exit code 6 where one does not hold. */
export const run = appCommand(async ({ app, caller, io, options, global, invocation }) => {
  const judged = await judgeRunning(app, caller, text(options.target))
  io.out(global.json ? `${invariantsAs.json(judged)}\n` : `${invariantsAs.text(judged, styleOf(io))}\n`)
  return endOfEach(invocation, judged, { nameOf: ({ name }) => name, codeOf })
})

function codeOf(judged: InvariantsOfSwitch) {
  if (judged.state === 'unread') return exitCodeOfThrown(judged.failure)
  return judged.breaches.length === 0 ? 0 : 6
}

import { judgeRunning } from '../../../project/switches/check/judge-running.ts'
import { invariantsAs } from '../../../report/invariants/formats.ts'
import type { InvariantsOfSwitch } from '../../../report/invariants/invariants-of-switch.ts'
import { colored, plain } from '../../../report/text/style.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Exit code 6 where one does not hold. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const judged = await judgeRunning(app, caller, text(options.target))
    if (global.json) io.out(`${invariantsAs.json(judged)}\n`)
    else io.out(`${invariantsAs.text(judged, io.color ? colored : plain)}\n`)
    const failed = judged.filter((one) => codeOf(one) !== 0).map(({ name }) => name)
    sayRepeat(invocation, { failed, of: judged.length, results: judged })
    return gravest(judged.map(codeOf))
  })
}

function codeOf(judged: InvariantsOfSwitch) {
  if (judged.state === 'unread') return exitCodeOfThrown(judged.failure)
  return judged.breaches.length === 0 ? 0 : 6
}

import { collectOn } from '../../../project/switches/sessions/recover.ts'
import { collectedText } from '../../../report/sessions/collected.ts'
import { collectedJson } from '../../../report/sessions/json.ts'
import type { SwitchCollection } from '../../../report/sessions/sessions.ts'
import { colored, plain } from '../../../report/text/style.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { asTyped } from '../terminal/called-as.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const done = await collectOn(app, caller, { target: text(options.target), all: options.allEosflow === true })
    if (global.json) io.out(`${collectedJson(done)}\n`)
    else io.out(`${asTyped(collectedText(done, io.color ? colored : plain), io)}\n`)
    const failed = done.filter((one) => exitCodeOf(one) !== 0).map(({ device }) => device)
    if (!global.json && failed.length === 0) io.out('Next: eosflow sessions list\n')
    sayRepeat(invocation, { failed, of: done.length, results: done })
    return gravest(done.map(exitCodeOf))
  })
}

function exitCodeOf(done: SwitchCollection) {
  if ('failure' in done) return exitCodeOfThrown(done.failure)
  if (done.removed.some(({ end }) => end === 'unknown')) return 7
  return done.removed.some(({ end }) => end === 'refused') ? 10 : 0
}

import { collectOn } from '../../../project/switches/sessions/recover.ts'
import { collectedJson, collectedText, type SwitchCollection } from '../../../report/sessions/formats.ts'
import { styleOf } from '../../../report/text/visible.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { appCommand } from '../terminal/compose.ts'
import { asTyped } from '../terminal/io.ts'

export const run = appCommand(async ({ app, caller, io, options, global, invocation }) => {
  const done = await collectOn(app, caller, { target: text(options.target), all: options.allEosflow === true })
  io.out(global.json ? `${collectedJson(done)}\n` : `${asTyped(collectedText(done, styleOf(io)), io)}\n`)
  const failed = done.filter((one) => exitCodeOf(one) !== 0).map(({ device }) => device)
  if (!global.json && failed.length === 0) io.out('Next: eosflow sessions list\n')
  sayRepeat(invocation, { failed, results: done })
  return gravest(done.map(exitCodeOf))
})

function exitCodeOf(done: SwitchCollection) {
  if ('failure' in done) return exitCodeOfThrown(done.failure)
  if (done.removed.some(({ end }) => end === 'unknown')) return 7
  return done.removed.some(({ end }) => end === 'refused') ? 10 : 0
}

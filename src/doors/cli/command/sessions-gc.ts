import { collectOn } from '../../../project/switches/sessions/recover.ts'
import { collectedJson, collectedText, type SwitchCollection } from '../../../report/sessions/formats.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown } from '../outcome/exit-code.ts'
import { endOfEach } from '../outcome/repeat.ts'
import { appCommand } from '../terminal/compose.ts'
import { asTyped } from '../terminal/io.ts'

export const run = appCommand(async ({ app, caller, io, options, global, invocation }) => {
  const done = await collectOn(app, caller, { target: text(options.target), all: options.allEosflow === true })
  io.out(global.json ? `${collectedJson(done)}\n` : `${asTyped(collectedText(done, styleOf(io)), io)}\n`)
  const code = endOfEach(invocation, done, { nameOf: ({ device }) => device, codeOf: exitCodeOf })
  if (!global.json && code === 0) io.out('Next: eosflow sessions list\n')
  return code
})

function exitCodeOf(done: SwitchCollection) {
  if ('failure' in done) return exitCodeOfThrown(done.failure)
  if (done.removed.some(({ end }) => end === 'unknown')) return 7
  return done.removed.some(({ end }) => end === 'refused') ? 10 : 0
}

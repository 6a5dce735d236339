import { readFacts } from '../../../features/facts/read-facts.ts'
import { factsAs } from '../../../report/facts/formats.ts'
import { styleOf } from '../../../report/text/visible.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { appCommand } from '../terminal/compose.ts'

/** What switches are: model, serial number, EOS and what is plugged in. Reads only; exit code 10 where one does not answer. */
export const run = appCommand(async ({ app, caller, io, options, global, invocation }) => {
  const read = await readFacts(app, caller, text(options.target))
  if (global.json) io.out(`${factsAs.json(read)}\n`)
  else if (options.csv === true) io.out(factsAs.csv(read))
  else io.out(`${factsAs.text(read, styleOf(io))}\n`)
  const failed = read.flatMap((one) => ('failure' in one ? [one.name] : []))
  sayRepeat(invocation, { failed, results: read, isDocument: global.json || options.csv === true })
  return gravest(read.map((one) => ('failure' in one ? exitCodeOfThrown(one.failure) : 0)))
})

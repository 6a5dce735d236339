import { readFacts } from '../../../features/facts/read-facts.ts'
import { factsAs } from '../../../report/facts/formats.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { endOfEach } from '../outcome/repeat.ts'
import { appCommand } from '../terminal/compose.ts'

/** What switches are: model, serial number, EOS and what is plugged in. Reads only; exit code 10 where one does not answer. */
export const run = appCommand(async ({ app, caller, io, options, global, invocation }) => {
  const read = await readFacts(app, caller, text(options.target))
  if (global.json) io.out(`${factsAs.json(read)}\n`)
  else if (options.csv === true) io.out(factsAs.csv(read))
  else io.out(`${factsAs.text(read, styleOf(io))}\n`)
  return endOfEach(invocation, read, { nameOf: ({ name }) => name, isDocument: global.json || options.csv === true })
})

import { endFreezes } from '../../../features/freeze/set-freeze.ts'
import { problemOf } from '../../../model/problem.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { endedFreezesJson, endedFreezesText } from '../../../report/phrases/freeze.ts'
import { givenReason } from '../option/given-reason.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Ends a freeze before its time, on record: the only one, the one that is named, or all. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global, options } = invocation
  const freeze = args[0] === undefined ? undefined : numberFrom(args[0])
  const all = options.all === true
  if (all && freeze !== undefined) throw refused('--all ends every freeze, and one is named too')
  const reason = givenReason(invocation, 'why changes may begin again')
  return withApp(invocation, async ({ app, caller }) => {
    const ended = await endFreezes(app, caller, { reason, all, freeze })
    if (global.json) io.out(`${endedFreezesJson(ended)}\n`)
    else io.out(`${endedFreezesText(ended)}\nNext: eosflow executions\n`)
    return 0
  })
}

function numberFrom(word: string) {
  if (/^[1-9]\d{0,14}$/.test(word)) return Number(word)
  throw refused(`\`${word}\` is not the number of a freeze`)
}

function refused(message: string) {
  return new InputError([
    problemOf('unfreeze', 'bad-usage', message, 'Without a number the only freeze ends; with --all every one.'),
  ])
}

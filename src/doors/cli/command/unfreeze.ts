import { endFreezes } from '../../../features/freeze/set-freeze.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { endedFreezesJson, endedFreezesText } from '../../../report/phrases/freeze.ts'
import { givenReason } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Ends a freeze before its time, on record: the only one, the one that is named, or all. */
export const run = judgedCommand(judged, async ({ app, caller, io, global }, request) => {
  const ended = await endFreezes(app, caller, request)
  io.out(global.json ? `${endedFreezesJson(ended)}\n` : `${endedFreezesText(ended)}\nNext: eosflow executions\n`)
  return 0
})

function judged(invocation: Invocation) {
  const { args, options } = invocation
  const freeze = args[0] === undefined ? undefined : numberFrom(args[0])
  const all = options.all === true
  if (all && freeze !== undefined)
    throw inputError(
      'unfreeze',
      'bad-usage',
      '--all ends every freeze, and one is named too',
      'Without a number the only freeze ends; with --all every one.',
    )
  return { reason: givenReason(invocation, 'why changes may begin again'), all, freeze }
}

function numberFrom(word: string) {
  if (/^[1-9]\d{0,14}$/.test(word)) return Number(word)
  throw inputError(
    'unfreeze',
    'bad-usage',
    `\`${word}\` is not the number of a freeze`,
    'Without a number the only freeze ends; with --all every one.',
  )
}

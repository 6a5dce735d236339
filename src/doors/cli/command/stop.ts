import { problemOf } from '../../../model/problem.ts'
import { stop } from '../../../project/execution/stop/stop.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { codeOfLeft, exitCodeOfStop, recap } from '../execution/execution-report.ts'
import { stopAll } from '../execution/stop-all.ts'
import { text } from '../option/options.ts'
import { passKey } from '../option/pass-key.ts'
import type { CommandContext } from '../terminal/compose.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'
import { progressTeller } from '../terminal/progress-teller.ts'

/** Ends an execution from outside, or with `--all` every open one. */
export async function run(invocation: Invocation): Promise<number> {
  const [word] = invocation.args
  if ((word === undefined) !== (invocation.options.all === true)) throw new InputError([oneOrAll(word)])
  const work = async (context: CommandContext) => {
    passKey(context.app, invocation.io)
    return word === undefined ? stopAll(context) : stopOne(context, word)
  }
  return withApp(invocation, work, { despiteCheckpointKey: true, restores: true })
}

async function stopOne(context: CommandContext, word: string) {
  const { app, caller, invocation } = context
  const { io, options } = invocation
  const request = { execution: word, reason: text(options.reason) ?? '', restored: options.restored === true }
  const { kind, state } = await stop(app, caller, request, (found) => progressTeller(invocation, found))
  switch (kind) {
    case 'ended-before':
      io.err(`${state.id} has ended already: nothing to stop\n`)
      return recap(context, state, 0)
    case 'stopped':
      return recap(context, state, exitCodeOfStop(state))
    case 'left':
      io.err(`\nno longer waiting; the request to stop remains on record\nNext: eosflow watch ${state.id}\n`)
      return codeOfLeft(io)
  }
}

function oneOrAll(word: string | undefined) {
  const message =
    word === undefined ? 'no execution is named' : '--all stops every open execution, and one is named too'
  return problemOf('stop', 'bad-usage', message, 'Name an execution, or write --all without one.')
}

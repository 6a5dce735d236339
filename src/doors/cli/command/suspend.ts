import { suspend } from '../../../project/execution/stop/suspending.ts'
import { codeOfLeft, recap } from '../execution/execution-report.ts'
import { text } from '../option/options.ts'
import { passKey } from '../option/pass-key.ts'
import { exitCodeOf } from '../outcome/exit-code.ts'
import { appCommand } from '../terminal/compose.ts'
import { progressTeller } from '../terminal/progress-teller.ts'

export const run = appCommand(
  async (context) => {
    const { app, caller, io, args, options, invocation } = context
    passKey(app, io)
    const request = { execution: args[0] ?? '', reason: text(options.reason) ?? '' }
    const { kind, state } = await suspend(app, caller, request, (found) => progressTeller(invocation, found))
    switch (kind) {
      case 'ended-before':
        io.err(`${state.id} has ended already: nothing to suspend\n`)
        return recap(context, state, 0)
      case 'rests-already':
        io.err(`${state.id} rests already: no process runs it, and it rests until it is resumed\n`)
        return recap(context, state, 0)
      case 'rests':
        return recap(context, state, state.status === 'ended' ? exitCodeOf(state) : 0)
      case 'left':
        io.err(`\nno longer waiting; the request is on record\nNext: eosflow watch ${state.id}\n`)
        return codeOfLeft(io)
    }
  },
  { despiteCheckpointKey: true },
)

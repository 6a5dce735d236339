import { EosflowError, messageOf } from '../../../model/error.ts'
import { type StopResult, stop, stopEveryOpen } from '../../../project/execution/stop/stop.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { executionSummary } from '../../../report/execution/row.ts'
import { hanging } from '../../../report/text/text.ts'
import { codeOfLeft, exitCodeOfStop, recap } from '../execution/execution-report.ts'
import { text } from '../option/options.ts'
import { passKey } from '../option/pass-key.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { type CommandContext, judgedCommand } from '../terminal/compose.ts'
import { asTyped } from '../terminal/io.ts'
import { progressTeller } from '../terminal/progress-teller.ts'

/** Ends an execution from outside, or with `--all` every open one. */
export const run = judgedCommand(
  ({ args: [word], options }) => {
    if ((word === undefined) === (options.all === true)) return word
    const message =
      word === undefined ? 'no execution is named' : '--all stops every open execution, and one is named too'
    throw inputError('stop', 'bad-usage', message, 'Name an execution, or write --all without one.')
  },
  async (context, word) => {
    passKey(context.app, context.io)
    return word === undefined ? stopAll(context) : stopOne(context, word)
  },
  { despiteCheckpointKey: true, despiteUnknownKeys: true, restores: true },
)

async function stopOne(context: CommandContext, word: string) {
  const { app, caller, invocation, io, options } = context
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

interface Stopped {
  readonly id: string
  readonly outcome: string | null
  readonly message: string
  readonly exitCode: number
}

async function stopAll({ app, caller, io, global, options }: CommandContext) {
  const results: Stopped[] = []
  const open = await stopEveryOpen(
    app,
    caller,
    { reason: text(options.reason) ?? '', restored: options.restored === true },
    (one) => {
      const result = shown(one, codeOfLeft(io))
      results.push(result)
      if (!global.json) io.out(`${hanging(asTyped(result.message, io))}\n`)
    },
  )
  const exitCode = gravest(results.map((result) => result.exitCode))
  if (global.json) {
    io.out(`${JSON.stringify({ version: 1, kind: 'stopped', executions: results, exitCode })}\n`)
  } else if (open === 0) io.out('Nothing to stop: no execution is open\n')
  return exitCode
}

function shown({ found: { id }, state, error }: StopResult, left: number): Stopped {
  if (state !== undefined) {
    return {
      id: state.id,
      outcome: state.outcome ?? null,
      message: executionSummary(state),
      exitCode: exitCodeOfStop(state),
    }
  }
  if (error === undefined) {
    const message = `Execution ${id}: no longer waited for; the request to stop remains on record: eosflow watch ${id}`
    return { id, outcome: null, message, exitCode: left }
  }
  const why = messageOf(error)
  const hint = error instanceof EosflowError && error.hint !== undefined ? ` (${error.hint})` : ''
  const message = `Execution ${id}: not stopped: ${why.replaceAll('\n', '; ')}${hint}`
  return { id, outcome: null, message, exitCode: exitCodeOfThrown(error) }
}

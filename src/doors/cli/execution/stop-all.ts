import { EosflowError, messageOf } from '../../../model/error.ts'
import { type StopResult, stopEveryOpen } from '../../../project/execution/stop/stop.ts'
import { executionSummary } from '../../../report/execution/summary.ts'
import { hanging } from '../../../report/text/visible.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { asTyped } from '../terminal/called-as.ts'
import type { CommandContext } from '../terminal/compose.ts'
import { codeOfLeft, exitCodeOfStop } from './execution-report.ts'

interface Stopped {
  readonly id: string
  readonly outcome: string | null
  readonly message: string
  readonly exitCode: number
}

export async function stopAll({ app, caller, invocation }: CommandContext): Promise<number> {
  const { io, global, options } = invocation
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

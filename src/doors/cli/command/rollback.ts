import type { ExecutionState } from '../../../change/engine/state.ts'
import { rolledBackBy } from '../../../model/kept-workflow.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { putBack } from '../../../project/execution/begin/put-back.ts'
import { carryOut } from '../../../project/execution/run/carry-out.ts'
import { listExecutions } from '../../../project/history/executions/list-executions.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { switches } from '../../../report/text/text.ts'
import { askModeOf, report } from '../execution/execution-report.ts'
import { text } from '../option/options.ts'
import { type CommandContext, judgedCommand } from '../terminal/compose.ts'

export const run = judgedCommand(
  askModeOf,
  async (context, ask) => {
    const { app, caller, args, options } = context
    const target = text(options.target)
    if (args[0] === undefined) throw await nothingNamed(app, caller)
    const made = await putBack(app, caller, {
      execution: args[0],
      target,
      noWait: options.wait === false,
      isAnew: options.anew === true,
    })
    if (made.kind === 'begun') return report(context, made.state.id, () => carryOut(app, caller, made.state, ask))
    const { without } = made
    const why =
      without.length === 0
        ? `it has changed no ${target === undefined ? 'switch' : 'such switch'} that kept the change`
        : `${switches(without.length)} without anything of the change, because somebody has put it back: ${without.join(', ')}`
    return nothingToDo(context, made.of, why, without)
  },
  { restores: true },
)

function nothingToDo(
  { invocation: { io, global } }: CommandContext,
  { id, outcome }: ExecutionState,
  why: string,
  without: readonly string[],
) {
  const said = `Nothing to roll back of ${id} (${outcome}): ${why}`
  // Which changes have reached these switches since.
  const next = without.length === 0 ? `show ${id}` : `executions --touched -t ${shellWord(without.join(','))}`
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'rollback', of: id, outcome: 'nothing-to-do', message: said, exitCode: 0 })}\n`
      : `${said}\nNext: eosflow ${next}\n`,
  )
  return 0
}

async function nothingNamed(app: RecordApp, caller: Caller) {
  const { rows } = await listExecutions(app, caller, {
    target: undefined,
    states: ['succeeded', 'tolerated'],
    touched: true,
    purpose: 'run',
    most: 2 * MOST_NAMED,
    looks: MOST_LOOKED,
  })
  // What was rolled back already is named by what has done it.
  const undone = new Set(rows.map(({ state }) => rolledBackBy(state)))
  const named = rows
    .filter(({ state }) => !undone.has(state.id))
    .slice(0, MOST_NAMED)
    .map(({ state, at }) => `${state.id} (${state.workflow}, ${at.slice(0, 16)}Z)`)
  const hint =
    named.length === 0
      ? 'no execution has kept a change on a switch; eosflow executions says how each has ended'
      : `name one, the newest that have changed switches are ${named.join(', ')}`
  return inputError('rollback', 'bad-usage', 'no execution is named that is to be rolled back', hint)
}

const [MOST_NAMED, MOST_LOOKED] = [5, 200]

import { planQueue } from '../../../project/approval/plan-queue.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { planQueueJson, planQueueLines } from '../../../report/plan/queue.ts'
import { text } from '../option/options.ts'
import { sayFrozen } from '../outcome/say-frozen.ts'
import { unlessNoStore } from '../outcome/unless-no-store.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** The approved plans and the open executions, in order, and which is behind which; no switch is asked. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global, options } = invocation
  requireOwnFlags(options)
  const listed = () =>
    withApp(
      invocation,
      async (context) => {
        const queue = await planQueue(context.app, context.caller, text(options.target))
        if (global.json) {
          io.out(`${planQueueJson(queue)}\n`)
          return 0
        }
        await sayFrozen(context)
        for (const line of planQueueLines(queue)) io.out(`${line}\n`)
        const [first] = queue.rows
        const id = first?.executions[0]?.id
        io.out(`Next: eosflow ${id === undefined ? 'executions --state open' : `show ${id}`}\n`)
        return 0
      },
      { reads: true },
    )
  return unlessNoStore(invocation, listed, () => {
    const nothing = { rows: [], switches: [], withheld: 0, unread: 0 }
    io.out(
      global.json ? `${planQueueJson(nothing)}\n` : 'Nothing is on record here yet.\nNext: eosflow plan WORKFLOW\n',
    )
  })
}

// What was typed before `queue`, and is for planning a workflow.
const OF_PLANNING = [
  'param',
  'params',
  'skipUnreachable',
  'out',
  'offline',
  'netboxBranch',
  'markdown',
  'detailedExitcode',
]

// Throws InputError where flags are given with which a workflow is planned: the file of one that is named `queue` is `./queue`.
function requireOwnFlags(options: Invocation['options']) {
  const found = OF_PLANNING.find((name) => options[name] !== undefined)
  if (found === undefined) return
  throw inputError(
    'plan queue',
    'bad-usage',
    `\`${found}\` is for planning a workflow`,
    'To plan a workflow whose file is named queue, write ./queue.',
  )
}

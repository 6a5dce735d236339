import { resolve } from 'node:path'
import { restore } from '../../../features/backup/restore.ts'
import { carryOut } from '../../../project/execution/run/carry-out.ts'
import { readGiven } from '../../../project/system/process/read-given.ts'
import { askModeOf, report } from '../execution/execution-report.ts'
import { text } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'

export const run = judgedCommand(askModeOf, async (context, ask) => {
  const { app, caller, io, args, options } = context
  const identity = text(options.identity)
  const state = await restore(app, caller, {
    folder: resolve(io.cwd, args[0] ?? ''),
    target: text(options.target),
    identities: identity === undefined ? undefined : Buffer.from(readGiven(io, identity)).toString('utf8'),
    noWait: options.wait === false,
  })
  return report(context, state.id, () => carryOut(app, caller, state, ask))
})

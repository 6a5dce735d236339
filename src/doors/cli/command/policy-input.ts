import { policyInputOf } from '../../../project/plan/gate/run-gate.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, io, args }) => {
  io.out(`${JSON.stringify(await policyInputOf(app, caller, args[0] ?? ''), null, 2)}\n`)
  return 0
})

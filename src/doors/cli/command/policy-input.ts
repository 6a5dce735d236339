import { policyInputOf } from '../../../project/plan/gate/run-gate.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    io.out(`${JSON.stringify(await policyInputOf(app, caller, args[0] ?? ''), null, 2)}\n`)
    return 0
  })
}

import { testTarget } from '../../../features/notify/send-to.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { args, io, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const { name, answer } = await testTarget(app, caller, args[0] ?? '')
    if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'notify-test', name, answer })}\n`)
    else io.out(`${name} has taken the test message: ${answer}.\nNext: eosflow notify deliver\n`)
    return 0
  })
}

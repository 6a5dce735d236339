import { adoptRunning } from '../../../project/plan/intent/adopt.ts'
import { adoptionText } from '../../../report/adoption.ts'
import { exitCodeOfThrown } from '../outcome/exit-code.ts'
import { failureText } from '../outcome/failure.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const { failure, ...adoption } = await adoptRunning(app, caller, args[0] ?? '')
    const { name, devices, missing } = adoption
    if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'adoption', ...adoption })}\n`)
    else io.out(`${adoptionText(name, devices)}Next: eosflow snapshot show ${name}\n`)
    if (failure === undefined) return 0
    io.err(`! not adopted: ${missing.join(' ')}\n${failureText(failure, io)}\n`)
    sayRepeat(invocation, { failed: missing, of: devices.length + missing.length }, { args: [missing.join(',')] })
    return exitCodeOfThrown(failure)
  })
}

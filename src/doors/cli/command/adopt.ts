import { adoptRunning } from '../../../project/plan/intent/adopt.ts'
import { adoptionText } from '../../../report/adoption.ts'
import { exitCodeOfThrown } from '../outcome/exit-code.ts'
import { failureText } from '../outcome/failure.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, io, args, global, invocation }) => {
  const { failure, ...adoption } = await adoptRunning(app, caller, args[0] ?? '')
  const { name, devices, missing } = adoption
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'adoption', ...adoption })}\n`
      : `${adoptionText(name, devices)}Next: eosflow snapshot show ${name}\n`,
  )
  if (failure === undefined) return 0
  io.err(`! not adopted: ${missing.join(' ')}\n${failureText(failure, io)}\n`)
  sayRepeat(invocation, { failed: missing, of: devices.length + missing.length }, { args: [missing.join(',')] })
  return exitCodeOfThrown(failure)
})

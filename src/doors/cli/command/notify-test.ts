import { testTarget } from '../../../features/notify/send-to.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, args, io, global }) => {
  const { name, answer } = await testTarget(app, caller, args[0] ?? '')
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'notify-test', name, answer })}\n`
      : `${name} has taken the test message: ${answer}.\nNext: eosflow notify deliver\n`,
  )
  return 0
})

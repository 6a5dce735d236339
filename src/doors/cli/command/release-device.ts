import { releaseDevice } from '../../../project/execution/stop/release-device.ts'
import { releasedJson, releasedText } from '../../../report/released-device.ts'
import { givenReason } from '../option/options.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  const device = args[0] ?? ''
  const reason = givenReason(invocation, 'why nothing of the process that died can still arrive')
  return withApp(invocation, async ({ app, caller }) => {
    const released = await releaseDevice(app, caller, device, reason)
    io.out(
      global.json
        ? `${releasedJson(device, released)}\n`
        : `${releasedText(device, released)}\nNext: eosflow executions -t ${device}\n`,
    )
    return 0
  })
}

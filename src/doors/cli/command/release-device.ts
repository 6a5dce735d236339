import { releaseDevice } from '../../../project/execution/stop/release-device.ts'
import { releasedJson, releasedText } from '../../../report/released-device.ts'
import { givenReason } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'

export const run = judgedCommand(
  (invocation) => givenReason(invocation, 'why nothing of the process that died can still arrive'),
  async ({ app, caller, io, args: [device = ''], global }, reason) => {
    const released = await releaseDevice(app, caller, device, reason)
    io.out(
      global.json
        ? `${releasedJson(device, released)}\n`
        : `${releasedText(device, released)}\nNext: eosflow executions -t ${device}\n`,
    )
    return 0
  },
)

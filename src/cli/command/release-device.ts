import { releaseDevice } from '../../app/release-device.ts'
import { visibleLine } from '../../report/visible.ts'
import { withApp } from '../compose.ts'
import { givenReason } from '../given-reason.ts'
import type { Invocation } from '../io.ts'

/** Ends the quarantine of a switch, on record. Nothing is sent to it, and the lease of an execution that runs stays as it is. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  const device = args[0] ?? ''
  const reason = givenReason(invocation, 'why nothing of the process that died can still arrive')
  return withApp(invocation, async ({ app, caller }) => {
    const released = await releaseDevice(app, caller, device, reason)
    const { execution, until } = released ?? { execution: null, until: null }
    const said =
      execution === null
        ? `no change has to wait for ${device}: nothing to release`
        : `${device} is released: it was kept from other changes until ${until} because of ${execution}`
    if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'released', device, execution, until })}\n`)
    else io.out(`${visibleLine(said)}\nNext: eosflow executions -t ${device}\n`)
    return 0
  })
}

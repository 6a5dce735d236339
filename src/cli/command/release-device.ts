import { passClock } from '../../app/clock/pass-clock.ts'
import { InputError } from '../../app/input-error.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { barredUntil } from '../../journal/lease.ts'
import { problemOf } from '../../model/problem.ts'
import { visibleLine } from '../../report/visible.ts'
import { withApp } from '../compose.ts'
import { givenReason } from '../given-reason.ts'
import type { Invocation } from '../io.ts'

/** Ends the quarantine of a switch, on record. Nothing is sent to it, and the lease of an execution that runs stays as it is. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  const device = args[0] ?? ''
  const reason = givenReason(invocation, 'why nothing of the process that died can still arrive')
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const { project } = app
    const lease = await app.leases.leaseOf(device)
    if (lease === undefined && !project.inventory().devices.some(({ name }) => name === device)) throw unknown(device)
    await requireAllowed(app, caller, 'device.unlock', { devices: [device] })
    const until = barredUntil(lease, undefined, new Date(app.clock.now()).toISOString())
    if (lease !== undefined && until !== undefined) {
      await passClock(app.clockRule, io)
      await app
        .journalAs(caller.principal)
        .append(undefined, [{ type: 'DeviceReleased', device, released: lease.execution, reason }])
    }
    const execution = until === undefined ? null : (lease?.execution ?? null)
    const said =
      execution === null
        ? `${device} is kept from no change: nothing to release`
        : `${device} is released: it was kept from other changes until ${until} because of ${execution}`
    if (global.json) {
      io.out(`${JSON.stringify({ version: 1, kind: 'released', device, execution, until: until ?? null })}\n`)
    } else io.out(`${visibleLine(said)}\nNext: eosflow executions -t ${device}\n`)
    return 0
  })
}

function unknown(device: string): InputError {
  return new InputError([
    problemOf(
      visibleLine(device),
      'no-such-device',
      'the inventory has no such switch, and no execution has ever changed it',
      'eosflow executions names the switches.',
    ),
  ])
}

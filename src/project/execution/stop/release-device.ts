import { barredUntil } from '../../../change/record/store/lease.ts'
import type { ReleasedDevice } from '../../../report/released-device.ts'
import { visibleLine } from '../../../report/text/text.ts'
import { requireAllowed, writeAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import type { Caller } from '../../identity/caller-of.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { passClock } from '../../system/process/pass-clock.ts'

/** Throws InputError for a switch that nobody knows. */
export async function releaseDevice(
  app: RecordApp,
  caller: Caller,
  device: string,
  reason: string,
): Promise<ReleasedDevice | undefined> {
  const { project } = app
  const lease = await app.leases.leaseOf(device)
  if (lease === undefined && !project.inventory().devices.some(({ name }) => name === device))
    throw unknown(app, device)
  const allowed = await requireAllowed(app, caller, 'device.unlock', { devices: [device] })
  const until = barredUntil(lease, undefined, new Date(app.clock.now()).toISOString(), app.leases.quarantineSeconds)
  if (lease === undefined || until === undefined) return undefined
  await passClock(app.clockRule, caller)
  const event = { type: 'DeviceReleased', device, released: lease.execution, reason } as const
  await writeAllowed(app, caller, allowed, () => [event])
  return { execution: lease.execution, until }
}

function unknown({ words }: WordedHost, device: string) {
  return inputError(
    visibleLine(device),
    'no-such-device',
    'the inventory has no such switch, and no execution has ever changed it',
    words({ code: 'list-switches' }),
  )
}

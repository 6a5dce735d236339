import type { Device } from '../device/device.ts'
import { systemRandom } from '../system/system-random.ts'
import { onEach } from '../task/on-each.ts'
import { read } from '../task/read.ts'
import type { App } from './app.ts'
import type { Caller } from './caller.ts'
import { openFleet } from './open-fleet.ts'
import { chosenDevices } from './plan/chosen-devices.ts'
import { requireAllowed } from './policy/authority.ts'
import { trustRecord } from './trust/trust-record.ts'

/** Reads the same of several switches, as somebody asks for it: the policy is asked first. Throws what failed where one cannot be read. */
export async function readEach<T>(
  app: App,
  caller: Caller,
  target: string | undefined,
  readOne: (device: Device) => Promise<T>,
): Promise<readonly T[]> {
  const inventory = app.project.inventory()
  const chosen = chosenDevices(inventory, target)
  const names = chosen.map(({ name }) => name)
  await requireAllowed(app, caller, 'task.snapshot', { devices: names })
  const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller) }).as('read')
  const patience = { fleet, clock: app.clock, random: systemRandom, signal: caller.stop }
  try {
    return await onEach(names, (name) => read(patience, name, readOne))
  } finally {
    await fleet.close()
  }
}

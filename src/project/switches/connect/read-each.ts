import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { onEach } from '../../../change/task/act/on-each.ts'
import { read } from '../../../change/task/act/read.ts'
import type { Device } from '../../../eos/device/device.ts'
import type { Fleet } from '../../../eos/device/transport.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { Caller } from '../../identity/caller.ts'
import { systemRandom } from '../../system/machine/system-random.ts'
import { chosenDevices } from '../inventory/chosen-devices.ts'
import { openFleet } from './open-fleet.ts'
import { trustRecord } from './trust-record.ts'

/** Throws what failed where one cannot be read. */
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
  const readers = readersOf(app, caller, fleet)
  try {
    return await onEach(names, (name) => read(readers, name, readOne))
  } finally {
    await fleet.close()
  }
}

export type Readers = Parameters<typeof read>[0]

export function readersOf({ clock }: Pick<RecordApp, 'clock'>, { stop }: Pick<Caller, 'stop'>, fleet: Fleet): Readers {
  return { fleet, clock, random: systemRandom, signal: stop }
}

/** Opens switches for reading, over their fallback where eAPI is away, and closes them behind the work. */
export async function withReaders<T>(
  app: App,
  caller: Caller,
  chosen: readonly InventoryDevice[],
  work: (readers: Readers) => Promise<T>,
): Promise<T> {
  const options = { record: trustRecord(app, caller), fallback: true } as const
  const fleet = openFleet(app, caller, app.project.inventory(), chosen, options).as('read')
  try {
    return await work(readersOf(app, caller, fleet))
  } finally {
    await fleet.close()
  }
}

export type ReadSwitch<T> =
  | { readonly name: string; readonly value: T }
  | { readonly name: string; readonly failure: unknown }

export function readAllThatAnswer<T>(
  app: App,
  caller: Caller,
  chosen: readonly InventoryDevice[],
  readOne: (device: Device) => Promise<T>,
): Promise<readonly ReadSwitch<T>[]> {
  return withReaders(app, caller, chosen, (readers) =>
    Promise.all(
      chosen.map(async ({ name }): Promise<ReadSwitch<T>> => {
        try {
          return { name, value: await read(readers, name, readOne) }
        } catch (failure) {
          if (caller.stop.aborted) throw failure
          return { name, failure }
        }
      }),
    ),
  )
}

import type { DeviceIdentity } from '../device/device.ts'
import { EosflowError } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { Desk } from './desk.ts'

/** What a snapshot keeps of one switch. */
export interface SnapshotDevice {
  readonly identity: DeviceIdentity
  /** As the switch showed it, secrets included: the store encrypts it. */
  readonly running: string
  /** How startup-config differs from running-config; empty when it does not, absent when the switch does not say. */
  readonly startupDiff?: string
  /** State areas by name. */
  readonly state: Readonly<Record<string, Json>>
}

/** A snapshot as it is kept in the store. */
export interface SnapshotDocument {
  readonly version: 1
  readonly name: string
  /** ISO 8601 in UTC. */
  readonly takenAt: string
  readonly devices: Readonly<Record<string, SnapshotDevice>>
}

/** The newest snapshot of this name, or the newest of all; undefined when there is none. */
export async function findSnapshot({ store }: Desk, name?: string): Promise<SnapshotDocument | undefined> {
  const found = (await store.snapshots()).find((event) => name === undefined || event.name === name)
  return found === undefined ? undefined : (JSON.parse(await store.get(found.snapshot)) as SnapshotDocument)
}

/** Throws `stale`, naming the snapshots that there are. */
export async function snapshotNamed(desk: Desk, name: string): Promise<SnapshotDocument> {
  const found = await findSnapshot(desk, name)
  if (found !== undefined) return found
  const names = [...new Set((await desk.store.snapshots()).map((event) => event.name))].slice(0, 10)
  throw new EosflowError('stale', `there is no snapshot ${name}`, {
    hint: names.length === 0 ? 'eosflow snapshot take NAME makes one.' : `There are: ${names.join(', ')}`,
  })
}

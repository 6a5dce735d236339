import { redact } from '../../../eos/config/secrets/secrets.ts'
import type { DeviceIdentity } from '../../../eos/device/device.ts'
import type { Json } from '../../../model/json.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import type { RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { inputError } from '../../system/process/input-error.ts'

export interface SnapshotDevice {
  readonly identity: DeviceIdentity
  readonly running: string
  /** How startup-config differs from running-config; empty when it does not, absent when the switch does not say. */
  readonly startupDiff?: string
  readonly state: Readonly<Record<string, Json>>
}

export interface SnapshotDocument {
  readonly version: 1
  readonly name: string
  /** ISO 8601 in UTC. */
  readonly takenAt: string
  readonly devices: Readonly<Record<string, SnapshotDevice>>
}

export interface ShownSnapshot {
  readonly name: string
  readonly at: string
  readonly devices: readonly string[]
  readonly baseline: readonly string[]
  readonly notices: readonly string[]
}

export function shownSnapshot({ name, at, devices, baseline, notices }: ShownSnapshot): ShownSnapshot {
  return { name, at, devices, baseline, notices }
}

/** The newest snapshot of this name, or the newest of all; undefined when there is none. */
export async function findSnapshot(
  { store }: Pick<ProjectStore, 'store'>,
  name?: string,
): Promise<SnapshotDocument | undefined> {
  const found = (await store.snapshots()).find((event) => name === undefined || event.name === name)
  return found === undefined ? undefined : (JSON.parse(await store.get(found.snapshot)) as SnapshotDocument)
}

/** Throws InputError, naming those that there are. */
export async function snapshotNamed(app: RecordApp, name: string): Promise<SnapshotDocument> {
  const found = await findSnapshot(app, name)
  if (found !== undefined) return found
  const names = [...new Set((await app.store.snapshots()).map((event) => event.name))]
  throw inputError(
    name,
    'no-such-snapshot',
    `there is no snapshot ${name}`,
    names.length === 0
      ? app.words({ code: 'take-snapshot' })
      : app.words({ code: 'list-snapshots', alike: didYouMean(name, names) }),
  )
}

export function shownSwitches(
  devices: SnapshotDocument['devices'],
  chosen: readonly { readonly name: string }[] | undefined,
): readonly (readonly [name: string, device: SnapshotDevice])[] {
  const names = new Set(chosen?.map(({ name }) => name) ?? Object.keys(devices))
  return Object.entries(devices).flatMap(([name, device]) => (names.has(name) ? [[name, redactedDevice(device)]] : []))
}

function redactedDevice({ running, startupDiff, ...device }: SnapshotDevice): SnapshotDevice {
  return {
    ...device,
    running: redact(running),
    ...(startupDiff === undefined ? {} : { startupDiff: redact(startupDiff) }),
  }
}

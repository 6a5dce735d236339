import { compareDevices, type DeviceDiff } from '../../../report/snapshot-diff/formats.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App } from '../../app/app.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { secretlessLines } from '../connect/secretless-lines.ts'
import { chosenDevices } from '../inventory/chosen-devices.ts'
import { type SnapshotDocument, snapshotNamed } from './snapshot-document.ts'
import { readSwitches } from './take-snapshot.ts'

export interface SnapshotComparison {
  readonly before: string
  readonly after: string | undefined
  readonly target: string | undefined
}

/** How switches differ between two snapshots, or since one. */
export async function compareSnapshots(
  app: App,
  caller: Caller,
  { before, after, target }: SnapshotComparison,
): Promise<readonly DeviceDiff[]> {
  const { project } = app
  const was = await snapshotNamed(app, before)
  const kept = after === undefined ? undefined : (await snapshotNamed(app, after)).devices
  const all = [...new Set([was.devices, kept ?? {}].flatMap((devices) => Object.keys(devices)))]
  const chosen = target === undefined ? all : chosenDevices(project.inventory(), target).map(({ name }) => name)
  await requireAllowed(app, caller, 'task.snapshot', { devices: chosen })
  const is = kept ?? (await live(app, caller, chosen))
  return compareDevices(only(was.devices, chosen), only(is, chosen), secretlessLines)
}

function live(app: App, caller: Caller, names: readonly string[]) {
  const { devices } = app.project.inventory()
  return readSwitches(
    app,
    caller,
    devices.filter(({ name }) => names.includes(name)),
  )
}

function only(devices: SnapshotDocument['devices'], names: readonly string[]): SnapshotDocument['devices'] {
  return Object.fromEntries(Object.entries(devices).filter(([name]) => names.includes(name)))
}

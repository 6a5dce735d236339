import { type ClockReading, clockAgreement } from '../device/clock-agreement.ts'
import { problemOf } from '../model/problem.ts'
import { combined } from '../task/on-each.ts'
import type { App } from './app.ts'
import type { Caller } from './caller.ts'
import { chosenDevices } from './chosen-devices.ts'
import { heedClocks } from './clock/switch-clocks.ts'
import { InputError } from './input-error.ts'
import { decided, requireAllowed } from './policy/authority.ts'
import type { SnapshotDocument } from './snapshot-document.ts'
import { readThose } from './snapshot-reading.ts'

/** A snapshot that was taken. */
export interface TakenSnapshot {
  readonly name: string
  /** ISO 8601 in UTC. */
  readonly takenAt: string
  /** The switches that it holds. */
  readonly devices: readonly string[]
  /** Those that could not be read. */
  readonly missing: readonly string[]
  /** What failed on these; undefined where none is missing. */
  readonly failure: unknown
}

/**
 * Keeps the configurations and the operational state of switches in the store. One that cannot be read is left out. Throws what failed
 * where none can be read, and InputError for a name that a snapshot has already: nothing is kept then.
 */
export async function takeSnapshot(
  app: App,
  caller: Caller,
  { target, name: given }: { readonly target: string | undefined; readonly name: string | undefined },
): Promise<TakenSnapshot> {
  const chosen = chosenDevices(app.project.inventory(), target)
  await requireAllowed(app, caller, 'task.snapshot', { devices: chosen.map((one) => one.name) })
  const takenAt = new Date(app.clock.now()).toISOString()
  const name =
    given ?? (await freeName(app, `snapshot-${takenAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`))
  await requireFreeName(app, caller, name)
  await app.clockRule?.require()
  const clocks: ClockReading[] = []
  const { devices: read, failures } = await readThose(app, caller, chosen, (reading) => clocks.push(reading))
  heedClocks(app, caller, clockAgreement(clocks))
  const devices = Object.keys(read)
  if (devices.length === 0 && failures.length > 0) throw combined(failures)
  const missing = chosen.map((one) => one.name).filter((one) => !devices.includes(one))
  await requireFreeName(app, caller, name)
  const document: SnapshotDocument = { version: 1, name, takenAt, devices: read }
  const snapshot = await app.store.put(JSON.stringify(document))
  await app.journalAs(caller.principal).append(undefined, [{ type: 'SnapshotTaken', name, snapshot, devices }])
  return { name, takenAt, devices, missing, failure: failures.length === 0 ? undefined : combined(failures) }
}

/** A second one under the name would hide the first from whoever compares with it. Throws InputError. */
async function requireFreeName(app: App, caller: Caller, name: string): Promise<void> {
  const kept = app.scrubber.scrub(name)
  const taken = (await app.store.snapshots()).find((one) => one.name === kept)
  if (taken === undefined) return
  if (decided(app, caller, 'task.snapshot', { devices: taken.devices }).effect === 'deny')
    throw new InputError([problemOf(kept, 'name', 'no snapshot can be taken under this name', 'Give it another name.')])
  const message = `there is a snapshot of this name already, of ${taken.at}`
  throw new InputError([problemOf(kept, 'taken-name', message, 'Give it another name: the earlier one stays.')])
}

/** The name, or with a number behind it where several are taken within a second. */
async function freeName({ store }: App, name: string): Promise<string> {
  const taken = new Set((await store.snapshots()).map((one) => one.name))
  let free = name
  for (let count = 2; taken.has(free); count += 1) free = `${name}-${count}`
  return free
}

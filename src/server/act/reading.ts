import { compareSnapshots } from '../../app/compare-snapshots.ts'
import { driftOfSwitches } from '../../app/drift/drift-of-switches.ts'
import { takeSnapshot } from '../../app/take-snapshot.ts'
import type { ConfirmedSource } from '../../report/drift/drift.ts'
import { driftAs } from '../../report/drift/formats.ts'
import type { Perform } from '../desk.ts'
import { faultOf } from '../fault.ts'
import { sourceFor } from '../readable.ts'

/** Compares switches with their last confirmed configuration. Reads only. */
export const drift: Perform<'drift'> = async ({ app }, caller, { targets }) => {
  const document = JSON.parse(driftAs.json(await driftOfSwitches(app, caller, targets))) as DriftDocument
  const devices = document.devices.map(async ({ source, ...device }) =>
    source === undefined ? device : { ...device, source: await sourceFor(app, caller, source) },
  )
  return { ...document, devices: await Promise.all(devices) }
}

/** What of the document of a comparison names executions and snapshots. */
interface DriftDocument {
  readonly devices: readonly { readonly name: string; readonly source?: ConfirmedSource }[]
}

/** Compares a snapshot with the switches as they are. Reads only. */
export const compare: Perform<'compare'> = async ({ app }, caller, { before }) => ({
  diffs: await compareSnapshots(app, caller, { before, after: undefined, target: undefined }),
})

/** Keeps the configurations and the state of switches in the store. */
export const snapshot: Perform<'snapshot'> = async ({ app }, caller, { name, targets }) => {
  const { failure, ...taken } = await takeSnapshot(app, caller, { target: targets, name })
  const fault = failure === undefined ? {} : { failure: faultOf(failure).message }
  return { version: 1, kind: 'snapshot', ...taken, ...fault }
}

import type { RecordApp } from '../../../project/app/app.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import type { EarlierBaseline } from '../../../report/baseline-words.ts'
import type { ConfirmedSource } from '../../../report/drift/drift.ts'
import { sourceFor } from '../request/readable.ts'

interface DriftDocument {
  readonly devices: readonly { readonly name: string; readonly source?: ConfirmedSource }[]
}

export async function driftFor(app: RecordApp, caller: SilentCaller, found: object): Promise<object> {
  const document = found as DriftDocument
  const devices = document.devices.map(async ({ source, ...device }) =>
    source === undefined ? device : { ...device, source: await sourceFor(app, caller, source) },
  )
  return { ...document, devices: await Promise.all(devices) }
}

export async function snapshotFor(app: RecordApp, caller: SilentCaller, taken: object): Promise<object> {
  const { still, ...rest } = taken as { readonly still: readonly EarlierBaseline[] }
  const shown = still.map(async ({ name, source }) =>
    source === undefined ? { name } : { name, source: await sourceFor(app, caller, source) },
  )
  return { ...rest, still: await Promise.all(shown) }
}

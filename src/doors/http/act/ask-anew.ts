import type { RecordApp } from '../../../project/app/app.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import { askSources } from '../../../project/switches/inventory/refresh-sources.ts'
import { inventoryFor } from '../request/readable.ts'

/** Asks the sources of the inventory before an act that contacts switches or begins what does: a server runs for weeks, and what was true when it began is no answer. Throws as `askSources`: an older answer is never used here. */
export async function askAnew(app: RecordApp, caller: Caller): Promise<void> {
  if (inventoryFor(app, caller).devices.length > 0) await askSources(app, caller)
}

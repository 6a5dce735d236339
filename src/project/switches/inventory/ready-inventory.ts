import type { RecordApp } from '../../app/app.ts'
import type { Console } from '../../system/process/console.ts'
import { InputError } from '../../system/process/input-error.ts'
import { askSources } from './asked-sources.ts'

/** Asks what the inventory has elsewhere, where no command line has done so before: a worker. `anew`: for a plan that is to be made. */
export async function readyInventory(app: RecordApp, caller: Console, anew: boolean): Promise<void> {
  await askSources(app, caller, { kept: !anew })
  if (anew) return
  try {
    app.project.inventory()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    await askSources(app, caller)
  }
}

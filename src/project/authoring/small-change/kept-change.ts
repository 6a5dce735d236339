import type { App } from '../../app/app.ts'
import { type KeptChange, keepChange } from '../../plan/kept-change.ts'
import { chosenDevices } from '../../switches/inventory/chosen-devices.ts'
import { smallChangeText } from './workflow-text.ts'

/** Lines in their blocks, and the switches that they are for. */
export interface LinesFor {
  readonly lines: readonly string[]
  readonly target: string
}

/** Keeps the workflow of typed lines beside the record, and prepares its change. No switch is asked. Throws InputError. */
export async function keptChange(given: App, { lines, target }: LinesFor): Promise<KeptChange> {
  const switches = chosenDevices(given.project.inventory(), target).length
  const workflow = smallChangeText({ name: 'change', lines, switches })
  return keepChange(given, { purpose: 'change', workflow }, { only: target })
}

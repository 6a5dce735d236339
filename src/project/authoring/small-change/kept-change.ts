import type { App } from '../../app/app.ts'
import { type KeptChange, keepChange } from '../../plan/kept-change.ts'
import { chosenDevices } from '../../switches/inventory/tell-warnings.ts'
import { smallChangeText } from './workflow-text.ts'

export interface LinesFor {
  readonly lines: readonly string[]
  readonly target: string
}

/** Throws InputError. */
export async function keptChange(given: App, { lines, target }: LinesFor): Promise<KeptChange> {
  const switches = chosenDevices(given.project.inventory(), target).length
  const workflow = smallChangeText({ name: 'change', lines, switches })
  return keepChange(given, { purpose: 'change', workflow }, { only: target })
}

import type { Inventory } from '../../../change/inventory/inventory.ts'
import type { Console } from '../../system/process/console.ts'
import { problemText } from '../../system/process/input-error.ts'

const told = new WeakSet<Inventory>()

/** Tells what the sources of an inventory gave that is worth saying: a switch that was left out, a login that is not used. Once for each reading. */
export function tellWarnings(inventory: Inventory, { tell }: Pick<Console, 'tell'>): void {
  if (told.has(inventory)) return
  told.add(inventory)
  for (const warning of inventory.warnings) tell(`! ${problemText(warning)}\n`)
}

import type { Inventory } from '../../../change/inventory/inventory.ts'
import type { Console } from '../../system/process/console.ts'
import { problemText } from '../../system/process/input-error.ts'

const told = new WeakSet<Inventory>()

export function tellWarnings(inventory: Inventory, { tell }: Pick<Console, 'tell'>): void {
  if (told.has(inventory)) return
  told.add(inventory)
  for (const warning of inventory.warnings) tell(`! ${problemText(warning)}\n`)
}

import type { Inventory, InventoryDevice } from '../../../change/inventory/inventory.ts'
import { selectDevices } from '../../../change/inventory/selector.ts'
import type { Console } from '../../system/process/console.ts'
import { orProblems, problemText } from '../../system/process/input-error.ts'

const told = new WeakSet<Inventory>()

export function tellWarnings(inventory: Inventory, { tell }: Pick<Console, 'tell'>): void {
  if (told.has(inventory)) return
  told.add(inventory)
  for (const warning of inventory.warnings) tell(`! ${problemText(warning)}\n`)
}

/** The switches that `-t` selects; all of the inventory without it. Throws InputError. */
export function chosenDevices(inventory: Inventory, target: unknown): readonly InventoryDevice[] {
  return typeof target === 'string' ? orProblems(selectDevices(target, inventory)) : inventory.devices
}

import type { Inventory, InventoryDevice } from '../../../change/inventory/inventory.ts'
import { selectDevices } from '../../../change/inventory/selector.ts'
import { orProblems } from '../../system/process/input-error.ts'

/** The switches that `-t` selects; all of the inventory without it. Throws InputError. */
export function chosenDevices(inventory: Inventory, target: unknown): readonly InventoryDevice[] {
  return typeof target === 'string' ? orProblems(selectDevices(target, inventory)) : inventory.devices
}

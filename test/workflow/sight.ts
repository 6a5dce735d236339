import type { InventoryDevice } from '../../src/inventory/inventory.ts'
import { seenFabric } from '../../src/inventory/seen-device.ts'
import { sightIn } from '../../src/plan/sight.ts'
import type { TemplateScope } from '../../src/workflow/change.ts'

/** What the change of a switch sees where it is the only one. */
export function sightOf(device: InventoryDevice): TemplateScope {
  const inventory = { file: 'inventory.yaml', devices: [device], groups: new Map(), credentials: {}, warnings: [] }
  return sightIn(inventory, seenFabric(inventory))(device)
}

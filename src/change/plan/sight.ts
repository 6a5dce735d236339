import type { LazyMap } from '../../model/lazy-value.ts'
import type { Inventory, InventoryDevice } from '../inventory/inventory.ts'
import { seenDevice } from '../inventory/seen-device.ts'
import type { TemplateScope } from '../workflow/template/change.ts'
import type { Readings } from './readings.ts'

/** What they read is kept in `readings`, where somebody wants to know. */
export function sightIn(
  { file }: Pick<Inventory, 'file'>,
  fabric: LazyMap,
  readings?: Readings,
): (device: InventoryDevice) => TemplateScope {
  const watched = readings === undefined ? fabric : readings.fabric(fabric)
  return (device) => {
    const seen = seenDevice(device, file)
    return { name: device.name, device: readings?.device(device.name, seen) ?? seen, fabric: watched }
  }
}

import type { InventoryDevice } from '../../change/inventory/inventory.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { InventoryFinding, ReadFacts } from '../../report/facts/formats.ts'
import { shownValue } from '../../report/inventory/shown-value.ts'

export interface TruthPaths {
  readonly serial: string
  readonly model: string
}

/** A model is the same with and without the letter of its airflow behind it (`DCS-7280SR3-48YC8-F`). */
export function checkInventory(
  devices: readonly InventoryDevice[],
  read: readonly ReadFacts[],
  paths: TruthPaths,
): readonly InventoryFinding[] {
  return read.map((one): InventoryFinding => {
    if ('failure' in one) return { name: one.name, state: 'unread', failure: one.failure }
    const device = devices.find(({ name }) => name === one.name)
    const [serial, model] = [truthOf(device, paths.serial), truthOf(device, paths.model)]
    if (serial === undefined && model === undefined) return { name: one.name, state: 'unsaid' }
    const differences = [
      ...(serial === undefined || serial === one.facts.serial
        ? []
        : [{ what: 'serial' as const, says: serial, is: one.facts.serial }]),
      ...(model === undefined || isModel(model, one.facts.model)
        ? []
        : [{ what: 'model' as const, says: model, is: one.facts.model }]),
    ]
    return { name: one.name, state: differences.length === 0 ? 'same' : 'differs', differences }
  })
}

function isModel(says: string, is: string) {
  const [one, other] = [says, is].map((model) =>
    model
      .trim()
      .toUpperCase()
      .replace(/-[FR]$/, ''),
  )
  return one === other
}

function truthOf(device: InventoryDevice | undefined, path: string) {
  const [name = '', ...rest] = path.split('.')
  const shown = device === undefined ? undefined : shownValue(name, () => device.vars.get(name))
  if (shown === undefined || !('value' in shown)) return undefined
  const value = rest.reduce<Json | undefined>(
    (found, key) => (isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined),
    shown.value,
  )
  return typeof value === 'string' && value !== '' ? value : undefined
}

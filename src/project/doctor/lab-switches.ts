import type { Inventory, InventoryDevice } from '../../change/inventory/inventory.ts'
import { problemOf } from '../../model/problem.ts'
import { chosenDevices } from '../switches/inventory/chosen-devices.ts'
import { InputError } from '../system/process/input-error.ts'

/** The switches on which things may be tried: those that are selected, or all that are marked `lab: true`. Throws InputError for one that is not marked, or where there is none. */
export function labSwitches(inventory: Inventory, target: string | undefined): readonly InventoryDevice[] {
  const marked = inventory.devices.filter(({ lab }) => lab === true)
  const chosen = target === undefined ? marked : chosenDevices(inventory, target)
  const others = chosen.filter(({ lab }) => lab !== true)
  if (chosen.length > 0 && others.length === 0) return chosen
  const which = others.map(({ name }) => `\`${name}\``).join(', ')
  throw new InputError([
    problemOf(
      inventory.file,
      'not-a-lab',
      others.length === 0 ? 'no switch is marked `lab: true`' : `not marked \`lab: true\`: ${which}`,
      'things are tried only on switches that nobody needs; mark one of them in the inventory',
    ),
  ])
}

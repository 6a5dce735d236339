import type { Inventory } from '../../change/inventory/inventory.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'

/** The inventory with the invented login of the fabric in the place of every credential: a trial knows no secret. */
export function simulatedLogins(inventory: Inventory, { credentials: { username, password } }: Fabric): Inventory {
  const login = { username, password: { provider: 'simulated', text: password } } as const
  const names = Object.keys(inventory.credentials)
  return { ...inventory, credentials: Object.fromEntries(names.map((name) => [name, login])) }
}

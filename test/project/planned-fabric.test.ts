import { expect, test } from 'vitest'
import { type Inventory, parseInventory } from '../../src/change/inventory/inventory.ts'
import { seenFabric } from '../../src/change/inventory/seen-device.ts'
import type { Plan } from '../../src/change/plan/plan.ts'
import { Readings, sealReadings } from '../../src/change/plan/readings.ts'
import { materialised } from '../../src/change/workflow/query/language/inventory-names.ts'
import { onlyKey } from '../../src/model/install-keys.ts'
import type { Settings } from '../../src/project/files/settings/settings.ts'
import { plannedFabric } from '../../src/project/plan/definition/definition-of.ts'
import { partOf } from '../lab/part-of.ts'

const KEY = 'install-key'

function inventoryOf(risk: string, other = 1) {
  const read = parseInventory(
    `defaults: { protocol: http, credentials: sim }
credentials: { sim: { username: u, password: p, simulated: true } }
devices:
  leaf1:  { host: 127.0.0.1, port: 1, vars: { risk: ${risk}, other: ${other} } }
  spine1: { host: 127.0.0.1, port: 2, vars: { risk: none } }
`,
    'inventory.yaml',
  )
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join())
  return read.value
}

/** A plan that was made from the risk of leaf1. */
function planFrom(inventory: Inventory) {
  const [readings, fabric] = [new Readings(), seenFabric(inventory)]
  materialised(readings.fabric(fabric), ['leaf1', 'vars', 'risk'])
  const { read, places } = sealReadings(KEY, readings, fabric)
  return partOf<Plan>({ content: { inventory: { read } }, evidence: { readAt: places } })
}

/** What a state reads in a process that finds these inventories, one at each reading. */
function reader(plan: () => Plan | undefined, inventories: Inventory[]) {
  const settings = { inventory: 'inventory.yaml' } as Settings
  const inventory = () => inventories.shift() as Inventory
  const fabric = plannedFabric({ project: { settings, inventory }, key: onlyKey(KEY) }, plan)
  return (name: string) => materialised(fabric, [name, 'vars', 'risk'])
}

test('a process that goes on with a plan reads no switch of which something has moved, and names it', () => {
  const plan = planFrom(inventoryOf('low'))
  const read = reader(() => plan, [inventoryOf('high')])
  expect(() => read('leaf1')).toThrow(
    expect.objectContaining({
      kind: 'stale',
      message: 'leaf1: vars.risk (inventory.yaml:4) is no longer what the plan was made from',
    }),
  )
  expect(read('spine1')).toEqual({ spine1: { vars: { risk: 'none' } } })
})

test('it reads on where something else was edited, and later what it has found first', () => {
  const plan = planFrom(inventoryOf('low'))
  const read = reader(() => plan, [inventoryOf('low', 2), inventoryOf('high')])
  expect([read('leaf1'), read('leaf1')]).toEqual(Array(2).fill({ leaf1: { vars: { risk: 'low' } } }))
})

test('before there is a plan it reads the inventory as it is, and anew when there is one', () => {
  let plan: Plan | undefined
  const read = reader(() => plan, [inventoryOf('low'), inventoryOf('high'), inventoryOf('high')])
  expect([read('leaf1'), read('leaf1')]).toEqual(['low', 'high'].map((risk) => ({ leaf1: { vars: { risk } } })))
  plan = planFrom(inventoryOf('low'))
  expect(() => read('leaf1')).toThrow('is no longer what the plan was made from')
})

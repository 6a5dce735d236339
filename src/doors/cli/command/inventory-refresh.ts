import { openProject } from '../../../project/files/project.ts'
import { tellWarnings } from '../../../project/switches/inventory/tell-warnings.ts'
import { refreshedText } from '../../../report/inventory/refreshed.ts'
import { askInventory } from '../option/command.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const project = openProject(io, global)
  const sources = await askInventory(invocation)
  const inventory = project.inventory()
  tellWarnings(inventory, { tell: io.err })
  const { length } = inventory.devices
  if (global.json) {
    const shown = sources.map(({ time, ...one }) => ({ ...one, time: new Date(time).toISOString() }))
    io.out(`${JSON.stringify({ version: 1, kind: 'inventory-refresh', sources: shown, switches: length })}\n`)
  } else io.out(`${refreshedText(sources, length)}\nNext: eosflow inventory list\n`)
  return 0
}

import { checkInventory, readFacts } from '../../../features/facts/read-facts.ts'
import { type InventoryFinding, inventoryCheckJson, inventoryCheckText } from '../../../report/facts/formats.ts'
import { styleOf } from '../../../report/text/visible.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Whether switches are what the inventory says: exit code 6 where one is not, 10 where one does not answer or none was compared. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  const paths = { serial: text(options.serial) ?? 'serial', model: text(options.model) ?? 'device_type.model' }
  return withApp(invocation, async ({ app, caller }) => {
    const read = await readFacts(app, caller, text(options.target))
    const found = checkInventory(app.project.inventory().devices, read, paths)
    io.out(global.json ? `${inventoryCheckJson(found)}\n` : `${inventoryCheckText(found, styleOf(io))}\n`)
    const failed = found.filter((one) => exitCodeOf(one) !== 0).map(({ name }) => name)
    sayRepeat(invocation, { failed, results: found })
    return found.every(({ state }) => state === 'unsaid') ? 10 : gravest(found.map(exitCodeOf))
  })
}

function exitCodeOf(found: InventoryFinding) {
  if (found.state === 'unread') return exitCodeOfThrown(found.failure)
  return found.state === 'differs' ? 6 : 0
}

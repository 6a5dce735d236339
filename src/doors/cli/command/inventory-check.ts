import { checkInventory, readFacts } from '../../../features/facts/read-facts.ts'
import { type InventoryFinding, inventoryCheckJson, inventoryCheckText } from '../../../report/facts/formats.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown } from '../outcome/exit-code.ts'
import { endOfEach } from '../outcome/repeat.ts'
import { appCommand } from '../terminal/compose.ts'

/** Whether switches are what the inventory says: exit code 6 where one is not, 10 where one does not answer or none was compared. */
export const run = appCommand(async ({ app, caller, io, options, global, invocation }) => {
  const paths = { serial: text(options.serial) ?? 'serial', model: text(options.model) ?? 'device_type.model' }
  const read = await readFacts(app, caller, text(options.target))
  const found = checkInventory(app.project.inventory().devices, read, paths)
  io.out(global.json ? `${inventoryCheckJson(found)}\n` : `${inventoryCheckText(found, styleOf(io))}\n`)
  const code = endOfEach(invocation, found, { nameOf: ({ name }) => name, codeOf: exitCodeOf })
  return found.every(({ state }) => state === 'unsaid') ? 10 : code
})

function exitCodeOf(found: InventoryFinding) {
  if (found.state === 'unread') return exitCodeOfThrown(found.failure)
  return found.state === 'differs' ? 6 : 0
}

import { requireAllowed } from '../../project/access/policy/authority.ts'
import type { App } from '../../project/app/app.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { readAllThatAnswer } from '../../project/switches/connect/read-each.ts'
import { chosenDevices } from '../../project/switches/inventory/chosen-devices.ts'
import type { ReadFacts } from '../../report/facts/facts.ts'
import { FACT_COMMANDS, factsOf } from './switch-facts.ts'

/** Reads what the selected switches are, each in one request, as the user that only reads. One that does not answer keeps no other from it. */
export async function readFacts(app: App, caller: Caller, target: string | undefined): Promise<readonly ReadFacts[]> {
  const chosen = chosenDevices(app.project.inventory(), target)
  await requireAllowed(app, caller, 'task.snapshot', { devices: chosen.map(({ name }) => name) })
  const commands = FACT_COMMANDS.map((cmd) => ({ cmd }))
  const read = await readAllThatAnswer(app, caller, chosen, async (device) => factsOf(await device.look(commands)))
  return read.map((one): ReadFacts => ('failure' in one ? one : { name: one.name, facts: one.value }))
}

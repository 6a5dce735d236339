import type { ReadFacts } from '../../report/facts/facts.ts'
import { systemRandom } from '../../system/system-random.ts'
import { read } from '../../task/read.ts'
import type { App } from '../app.ts'
import type { Caller } from '../caller.ts'
import { openFleet } from '../open-fleet.ts'
import { chosenDevices } from '../plan/chosen-devices.ts'
import { requireAllowed } from '../policy/authority.ts'
import { trustRecord } from '../trust/trust-record.ts'
import { FACT_COMMANDS, factsOf } from './switch-facts.ts'

/** Reads what the selected switches are, each in one request, as the user that only reads. One that does not answer keeps no other from it. */
export async function readFacts(app: App, caller: Caller, target: string | undefined): Promise<readonly ReadFacts[]> {
  const inventory = app.project.inventory()
  const chosen = chosenDevices(inventory, target)
  await requireAllowed(app, caller, 'task.snapshot', { devices: chosen.map(({ name }) => name) })
  const options = { record: trustRecord(app, caller), fallback: true } as const
  const fleet = openFleet(app, caller, inventory, chosen, options).as('read')
  const context = { fleet, clock: app.clock, random: systemRandom, signal: caller.stop }
  const commands = FACT_COMMANDS.map((cmd) => ({ cmd }))
  try {
    return await Promise.all(
      chosen.map(async ({ name }): Promise<ReadFacts> => {
        try {
          return { name, facts: factsOf(await read(context, name, (device) => device.look(commands))) }
        } catch (failure) {
          if (caller.stop.aborted) throw failure
          return { name, failure }
        }
      }),
    )
  } finally {
    await fleet.close()
  }
}

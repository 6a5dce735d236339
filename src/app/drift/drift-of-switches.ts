import { messageOf } from '../../model/error.ts'
import type { Drift } from '../../report/drift/drift.ts'
import type { App } from '../app.ts'
import type { Caller } from '../caller.ts'
import { chosenDevices } from '../plan/chosen-devices.ts'
import { requireAllowed } from '../policy/authority.ts'
import { withReaders } from '../read-each.ts'
import { confirmedConfigs } from './confirmed-config.ts'
import { driftOf } from './drift.ts'

/** Compares switches with the last configuration that eosflow has confirmed on them. Reads only. */
export async function driftOfSwitches(app: App, caller: Caller, target: string | undefined): Promise<readonly Drift[]> {
  const chosen = chosenDevices(app.project.inventory(), target)
  const names = chosen.map(({ name }) => name)
  await requireAllowed(app, caller, 'task.snapshot', { devices: names })
  const confirmed = await confirmedConfigs(app, names)
  return await withReaders(app, caller, chosen, async ({ fleet }) => {
    const drifts = await Promise.all(names.map((name) => driftOf(app, caller, fleet, name, confirmed[name])))
    await recordDrift(app, caller, drifts)
    return drifts
  })
}

/** Puts on record what a comparison has found of which switches, where somebody hears of drift. A record that cannot be written is only a warning. */
async function recordDrift(app: App, caller: Caller, drifts: readonly Drift[]): Promise<void> {
  if (app.project.settings.notify.targets.length === 0) return
  const named = (state: Drift['state']): readonly string[] =>
    drifts.flatMap((drift) => (drift.state === state ? [drift.name] : []))
  const [differs, same, unconfirmed, unread] = [named('differs'), named('same'), named('unknown'), named('unread')]
  if (drifts.length === 0) return
  try {
    await app
      .journalAs(caller.principal)
      .append(undefined, [{ type: 'DriftCompared', differs, same, unconfirmed, unread }])
  } catch (error) {
    caller.tell(`warning: it is not on record: ${messageOf(error)}\n`)
  }
}

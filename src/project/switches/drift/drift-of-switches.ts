import { byPlace } from '../../../change/record/event/cursor.ts'
import type { SwitchEnds } from '../../../change/record/noted-ends.ts'
import { isLiveAt } from '../../../change/record/store/lease.ts'
import { messageOf } from '../../../model/error.ts'
import type { Drift } from '../../../report/drift/drift.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App } from '../../app/app.ts'
import { switchEnds } from '../../history/executions/switch-ends.ts'
import type { Caller } from '../../identity/caller.ts'
import { withReaders } from '../connect/read-each.ts'
import { chosenDevices } from '../inventory/chosen-devices.ts'
import { confirmedConfigs } from './confirmed-config.ts'
import { driftOf } from './drift.ts'

/** Compares switches with the last configuration that eosflow has confirmed on them. Reads only. */
export async function driftOfSwitches(app: App, caller: Caller, target: string | undefined): Promise<readonly Drift[]> {
  const chosen = chosenDevices(app.project.inventory(), target)
  const names = chosen.map(({ name }) => name)
  await requireAllowed(app, caller, 'task.snapshot', { devices: names })
  const confirmed = await confirmedConfigs(app, names)
  return await withReaders(app, caller, chosen, async ({ fleet }) => {
    const found = await Promise.all(names.map((name) => driftOf(app, caller, fleet, name, confirmed[name])))
    const ends = found.some(({ state }) => state === 'differs') ? await switchEnds(app) : undefined
    const drifts = await Promise.all(found.map((drift) => withMaker(app, drift, ends?.get(drift.name))))
    await recordDrift(app, caller, drifts)
    return drifts
  })
}

/** A difference with the execution of this store that may have made it: nobody else is suspected of it then. */
async function withMaker(app: App, drift: Drift, { newest, changed }: Partial<SwitchEnds> = {}): Promise<Drift> {
  if (drift.state !== 'differs') return drift
  const lease = await app.leases.leaseOf(drift.name)
  if (lease !== undefined && isLiveAt(lease, new Date(app.clock.now()).toISOString()))
    return { ...drift, by: { execution: lease.execution, standing: 'changing' } }
  const isLost = newest?.end === 'unknown' && (changed === undefined || byPlace(newest, changed) > 0)
  return isLost ? { ...drift, by: { execution: newest.execution, standing: 'unknown' } } : drift
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
    caller.tell(`! it is not on record: ${messageOf(error)}\n`)
  }
}

import type { AcceptedClock } from '../../../report/accepted-clock.ts'
import { requireAllowed, writeAllowed } from '../../access/policy/authority.ts'
import type { App } from '../../app/app.ts'
import { inventoryOf } from '../../authoring/validate/settings-in-project.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { requireSwitchClocks } from '../../switches/connect/switch-clocks.ts'

/** Puts on record that a person vouches for this machine's clock though records are newer than it: from here on times are judged by the records behind this one. Throws `clock` where most of the switches that answer say otherwise. */
export async function acceptClock(app: App, caller: Caller, reason: string): Promise<AcceptedClock | undefined> {
  const fault = await app.clockRule?.waive()
  const allowed = await requireAllowed(app, caller, 'clock.accept')
  if (fault === undefined) return undefined
  const names = inventoryOf(app.project)?.devices.map(({ name }) => name) ?? []
  const agreement = await requireSwitchClocks(app, caller, names)
  const now = new Date(app.clock.now()).toISOString()
  const accepted = { latest: fault.latest, now, agreeing: agreement?.agreeing ?? 0 }
  const { principal } = caller
  await writeAllowed(app, caller, allowed, (by) => [{ type: 'ClockAccepted', principal, reason, ...accepted, ...by }])
  return accepted
}

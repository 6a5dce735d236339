import { chosenDevices } from '../../app/chosen-devices.ts'
import { openFleet } from '../../app/open-fleet.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { keptBecause, type SwitchSessions } from '../../app/sessions/listed-session.ts'
import { readSessions } from '../../app/sessions/read-sessions.ts'
import { trustRecord } from '../../app/trust/trust-record.ts'
import { errorRecord } from '../../model/error.ts'
import { withApp } from '../compose.ts'
import { exitCodeOfThrown, gravest } from '../exit-code.ts'
import type { Invocation } from '../io.ts'
import { sessionsText } from '../sessions/sessions-text.ts'

/** The config sessions on the switches: state, who made them, how old they are, and the time left of a commit timer. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const inventory = app.project.inventory()
    const chosen = chosenDevices(inventory, options.target)
    await requireAllowed(app, caller, 'task.snapshot', { devices: chosen.map(({ name }) => name) })
    const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller) }).as('read')
    try {
      const listed = await Promise.all(chosen.map(({ name }) => readSessions(app, caller, fleet, name)))
      if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'sessions', devices: listed.map(json) })}\n`)
      else io.out(`${sessionsText(listed)}\nNext: ${next(listed)}\n`)
      return gravest(listed.map((one) => ('failure' in one ? exitCodeOfThrown(one.failure) : 0)))
    } finally {
      await fleet.close()
    }
  })
}

function json(listed: SwitchSessions): object {
  if (!('failure' in listed)) return { name: listed.device, places: listed.places, sessions: listed.sessions }
  return { name: listed.device, error: errorRecord(listed.failure) }
}

function next(listed: readonly SwitchSessions[]): string {
  const mayGo = listed.some(
    (one) => !('failure' in one) && one.sessions.some((session) => keptBecause(session, false) === undefined),
  )
  if (mayGo) return 'eosflow sessions gc'
  return listed.some((one) => 'failure' in one) ? 'eosflow doctor' : 'eosflow executions'
}

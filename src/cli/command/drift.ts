import { chosenDevices } from '../../app/chosen-devices.ts'
import { confirmedConfigs } from '../../app/drift/confirmed.ts'
import { type Drift, driftOf } from '../../app/drift/drift.ts'
import { openFleet } from '../../app/open-fleet.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { trustRecord } from '../../app/trust/trust-record.ts'
import { errorRecord } from '../../model/error.ts'
import { colored, plain } from '../../report/style.ts'
import { withApp } from '../compose.ts'
import { driftText } from '../drift/drift-text.ts'
import { exitCodeOfThrown, gravest } from '../exit-code.ts'
import type { Invocation } from '../io.ts'

/** Which switches differ from the last configuration that eosflow has confirmed on them, and in what. Reads only. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const inventory = app.project.inventory()
    const chosen = chosenDevices(inventory, options.target)
    const names = chosen.map(({ name }) => name)
    await requireAllowed(app, caller, 'task.snapshot', { devices: names })
    const confirmed = await confirmedConfigs(app, names)
    const fleet = openFleet(app, caller, inventory, chosen, {
      record: trustRecord(app, caller),
      fallback: true,
    }).as('read')
    try {
      const drifts = await Promise.all(names.map((name) => driftOf(app, caller, fleet, name, confirmed[name])))
      if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'drift', devices: drifts.map(json) })}\n`)
      else io.out(`${driftText(drifts, io.color ? colored : plain)}\nNext: ${next(drifts)}\n`)
      return exitCodeOf(drifts, options.detailedExitcode === true)
    } finally {
      await fleet.close()
    }
  })
}

/** A switch that could not be read is graver than one that differs. */
function exitCodeOf(drifts: readonly Drift[], detailed: boolean): number {
  const failed = gravest(drifts.map((drift) => (drift.state === 'unread' ? exitCodeOfThrown(drift.failure) : 0)))
  return failed === 0 && detailed && drifts.some(({ state }) => state === 'differs') ? 2 : failed
}

function json(drift: Drift): object {
  if (drift.state !== 'unread') return drift
  return { name: drift.name, state: drift.state, error: errorRecord(drift.failure) }
}

function next(drifts: readonly Drift[]): string {
  if (drifts.some(({ state }) => state === 'unread')) return 'eosflow doctor'
  const differs = drifts.find(({ state }) => state === 'differs')
  if (differs !== undefined && 'source' in differs && differs.source.kind === 'execution') {
    return `eosflow show ${differs.source.id}`
  }
  return drifts.some(({ state }) => state === 'unknown') ? 'eosflow snapshot take' : 'eosflow executions'
}

import { chosenDevices } from '../../app/chosen-devices.ts'
import { requireSwitchClocks } from '../../app/clock/switch-clocks.ts'
import { openFleet } from '../../app/open-fleet.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { type Collected, collectSessions, type SwitchCollected } from '../../app/sessions/collect.ts'
import { trustRecord } from '../../app/trust/trust-record.ts'
import { errorRecord } from '../../model/error.ts'
import { count, switches } from '../../report/count.ts'
import { colored, plain, type Style } from '../../report/style.ts'
import { visibleLine } from '../../report/visible.ts'
import { withApp } from '../compose.ts'
import { exitCodeOfThrown, gravest } from '../exit-code.ts'
import type { Invocation } from '../io.ts'
import { failureLine } from '../sessions/sessions-text.ts'

/** Removes config sessions of ours that nobody wants any more, and reads back that they are gone. Never a foreign one. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const inventory = app.project.inventory()
    const chosen = chosenDevices(inventory, options.target)
    await requireAllowed(app, caller, 'device.unlock', { devices: chosen.map(({ name }) => name) })
    await app.clockRule?.require()
    await requireSwitchClocks(
      app,
      caller,
      chosen.map(({ name }) => name),
    )
    const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller) })
    try {
      const all = options.allEosflow === true
      const done = await Promise.all(chosen.map(({ name }) => collectSessions(app, caller, fleet, name, all)))
      if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'sessions-gc', devices: done.map(json) })}\n`)
      else io.out(`${text(done, io.color ? colored : plain)}\n`)
      return gravest(done.map(exitCodeOf))
    } finally {
      await fleet.close()
    }
  })
}

/** What could not be read back is unknown; what the switch would not remove is there as before. */
function exitCodeOf(done: SwitchCollected): number {
  if ('failure' in done) return exitCodeOfThrown(done.failure)
  if (done.removed.some(({ end }) => end === 'unknown')) return 7
  return done.removed.some(({ end }) => end === 'refused') ? 10 : 0
}

function json(done: SwitchCollected): object {
  if ('failure' in done) return { name: done.device, error: errorRecord(done.failure) }
  return { name: done.device, sessions: done.removed, kept: done.kept }
}

function text(done: readonly SwitchCollected[], style: Style): string {
  const rows = done.flatMap((one) => {
    if ('failure' in one) return [style.bad(failureLine(one))]
    const kept = one.kept.map(({ session, because }) => `= ${one.device}: ${session} stays: ${because}`)
    return [...one.removed.map((session) => removedText(one.device, session, style)), ...kept.map(visibleLine)]
  })
  const read = done.flatMap((one) => ('failure' in one ? [] : one.removed))
  const of = (end: Collected['end']): number => read.filter((one) => one.end === end).length
  const kept = done.reduce((sum, one) => sum + ('failure' in one ? 0 : one.kept.length), 0)
  const bad = of('refused') + of('unknown')
  const total = `Removed: ${count(of('removed'), 'session')} on ${switches(done.length)}, read back · ${kept} of eosflow kept, ${bad} not removed`
  return [...rows, total, `Next: eosflow sessions ${bad === 0 ? 'list' : 'gc'}`].join('\n')
}

function removedText(device: string, { session, end, detail }: Collected, style: Style): string {
  const why = detail === undefined ? '' : `: ${detail}`
  switch (end) {
    case 'removed':
      return style.good(visibleLine(`✔ ${device}: ${session} removed, read back`))
    case 'refused':
      return style.bad(visibleLine(`✖ ${device}: ${session} is still there${why}`))
    case 'unknown':
      return style.bad(
        visibleLine(`? ${device}: ${session}: unknown${why}. Ask it: eosflow sessions list -t ${device}`),
      )
  }
}

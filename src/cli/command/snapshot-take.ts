import { chosenDevices } from '../../app/chosen-devices.ts'
import { heedClocks } from '../../app/clock/switch-clocks.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import type { SnapshotDocument } from '../../app/snapshot-document.ts'
import { readThose, SNAPSHOT_AREAS } from '../../app/snapshot-reading.ts'
import { type ClockReading, clockAgreement } from '../../device/clock-agreement.ts'
import { switches } from '../../report/count.ts'
import { combined } from '../../task/on-each.ts'
import { withApp } from '../compose.ts'
import { exitCodeOfThrown } from '../exit-code.ts'
import { failureText } from '../failure.ts'
import type { Invocation } from '../io.ts'

/**
 * Keeps the configurations and the operational state of switches in the store. One that cannot be read is named and left out, with the exit
 * code of its failure; where none can be read, nothing is kept.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const chosen = chosenDevices(app.project.inventory(), options.target)
    await requireAllowed(app, caller, 'task.snapshot', { devices: chosen.map(({ name }) => name) })
    const takenAt = new Date(app.clock.now()).toISOString()
    const name = args[0] ?? `snapshot-${takenAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`
    await app.clockRule?.require()
    const clocks: ClockReading[] = []
    const { devices, failures } = await readThose(app, caller, chosen, (reading) => clocks.push(reading))
    heedClocks(app, caller, clockAgreement(clocks))
    const names = Object.keys(devices)
    if (names.length === 0 && failures.length > 0) throw combined(failures)
    const missing = chosen.map((one) => one.name).filter((one) => !names.includes(one))
    const document: SnapshotDocument = { version: 1, name, takenAt, devices }
    const snapshot = await app.store.put(JSON.stringify(document))
    await app.journalAs(caller.principal).append(undefined, [{ type: 'SnapshotTaken', name, snapshot, devices: names }])
    io.out(
      global.json
        ? `${JSON.stringify({ version: 1, kind: 'snapshot', name, takenAt, devices: names, missing })}\n`
        : `Snapshot: ${name} · ${switches(names.length)}, ${SNAPSHOT_AREAS.length} state areas each\nNext: eosflow snapshot show ${name}\n`,
    )
    if (failures.length === 0) return 0
    const why = combined(failures)
    io.err(`! not in the snapshot: ${missing.join(' ')}\n${failureText(why)}\n`)
    return exitCodeOfThrown(why)
  })
}

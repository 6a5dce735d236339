import { stateAreas } from '../../check/area/index.ts'
import { selectDevices } from '../../inventory/selector.ts'
import { switches } from '../../report/count.ts'
import { onEach } from '../../task/on-each.ts'
import { read } from '../../task/read.ts'
import { atBench } from '../bench.ts'
import type { Bench } from '../execution.ts'
import { orProblems } from '../failure.ts'
import type { Invocation } from '../io.ts'
import type { SnapshotDevice, SnapshotDocument } from '../snapshot-document.ts'
import { systemRandom } from '../system-random.ts'
import { checkPort, openFleet } from '../wire.ts'

const AREAS = stateAreas.map(({ name }) => name)

/** Keeps the configurations and the operational state of switches in the store: all of the selected ones, or nothing. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  return atBench(invocation, async (bench) => {
    const inventory = bench.project.inventory()
    const chosen =
      typeof options.target === 'string' ? orProblems(selectDevices(options.target, inventory)) : inventory.devices
    const takenAt = new Date(bench.desk.clock.now()).toISOString()
    const name = args[0] ?? `snapshot-${takenAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`
    const fleet = openFleet(bench.project, io, global, inventory, chosen)
    try {
      const names = chosen.map((device) => device.name)
      const devices = await onEach(names, (device) => readDevice(bench, fleet, device))
      const document: SnapshotDocument = { version: 1, name, takenAt, devices: Object.fromEntries(devices) }
      const snapshot = await bench.desk.store.put(JSON.stringify(document))
      await bench.desk.journal.append(undefined, [{ type: 'SnapshotTaken', name, snapshot, devices: names }])
      io.out(
        global.json
          ? `${JSON.stringify({ version: 1, kind: 'snapshot', name, takenAt, devices: names })}\n`
          : `Snapshot: ${name} · ${switches(names.length)}, ${AREAS.length} state areas each\nNext: eosflow snapshot show ${name}\n`,
      )
      return 0
    } finally {
      await fleet.close()
    }
  })
}

async function readDevice(
  { invocation, desk }: Bench,
  fleet: ReturnType<typeof openFleet>,
  name: string,
): Promise<readonly [string, SnapshotDevice]> {
  const checks = checkPort([])
  const context = { fleet, clock: desk.clock, random: systemRandom, signal: invocation.io.stop }
  const look = await read(context, name, (device) => device.look(checks.areaCommands(AREAS)))
  const { running, startupDiff } = await read(context, name, (device) => device.readConfig())
  return [name, { identity: look.identity, running, startupDiff, state: checks.readAreas(AREAS, look.replies) }]
}

import { chosenDevices } from '../../app/chosen-devices.ts'
import { InputError } from '../../app/input-error.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { redactedDevice, type SnapshotDevice, snapshotNamed } from '../../app/snapshot-document.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import { problemOf } from '../../model/problem.ts'
import { switches } from '../../report/count.ts'
import { snapshotDeviceText } from '../../report/snapshot.ts'
import { colored, plain } from '../../report/style.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

/** One snapshot: what each switch is, its configurations without secrets, its state areas. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const { devices, ...head } = await snapshotNamed(app, args[0] ?? '')
    await requireAllowed(app, caller, 'task.snapshot', { devices: Object.keys(devices) })
    const named = chosenIn(devices, options.target, () => app.project.inventory())
    const shown = named.map(([name, device]) => [name, redactedDevice(device)] as const)
    if (global.json) {
      io.out(`${JSON.stringify({ ...head, kind: 'snapshot', devices: Object.fromEntries(shown) })}\n`)
      return 0
    }
    const style = io.color ? colored : plain
    const blocks = shown.map(([name, device]) => snapshotDeviceText(name, device, style))
    io.out(`${blocks.join('\n')}\nSnapshot: ${head.name} · ${switches(shown.length)} · ${head.takenAt}\n`)
    io.out(`Next: eosflow plan workflows/add-vlan.yaml --offline ${head.name}\n`)
    return 0
  })
}

/** The switches of a snapshot that `-t` selects. Throws InputError where it selects none of them. */
function chosenIn(
  devices: Readonly<Record<string, SnapshotDevice>>,
  target: unknown,
  inventory: () => Inventory,
): readonly (readonly [string, SnapshotDevice])[] {
  const all = Object.entries(devices)
  if (target === undefined) return all
  const chosen = new Set(chosenDevices(inventory(), target).map(({ name }) => name))
  const found = all.filter(([name]) => chosen.has(name))
  if (found.length > 0) return found
  const message = 'the snapshot holds none of these switches'
  const hint = `It holds ${all.map(([name]) => name).join(', ')}.`
  throw new InputError([problemOf(`-t ${target}`, 'nothing-selected', message, hint)])
}

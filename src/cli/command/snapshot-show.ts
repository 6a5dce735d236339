import { InputError } from '../../app/input-error.ts'
import { chosenDevices } from '../../app/plan/chosen-devices.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { shownSwitches, snapshotNamed } from '../../app/snapshot/snapshot-document.ts'
import { problemOf } from '../../model/problem.ts'
import { switches } from '../../report/count.ts'
import { snapshotDeviceText } from '../../report/snapshot.ts'
import { colored, plain } from '../../report/style.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'

/** One snapshot: what each switch is, its configurations without secrets, its state areas. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const { devices, ...head } = await snapshotNamed(app, args[0] ?? '')
    await requireAllowed(app, caller, 'task.snapshot', { devices: Object.keys(devices) })
    const target = text(options.target)
    const shown = shownSwitches(
      devices,
      target === undefined ? undefined : chosenDevices(app.project.inventory(), target),
    )
    if (shown.length === 0 && target !== undefined) throw noneOfThese(target, Object.keys(devices))
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

function noneOfThese(target: unknown, names: readonly string[]): InputError {
  const message = 'the snapshot holds none of these switches'
  return new InputError([problemOf(`-t ${target}`, 'nothing-selected', message, `It holds ${names.join(', ')}.`)])
}

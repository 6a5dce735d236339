import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { chosenDevices } from '../../../project/switches/inventory/tell-warnings.ts'
import { shownSwitches, snapshotNamed } from '../../../project/switches/snapshot/snapshot-document.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { snapshotDeviceText } from '../../../report/snapshot.ts'
import { styleOf, switches } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, io, args, options, global }) => {
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
  const style = styleOf(io)
  const blocks = shown.map(([name, device]) => snapshotDeviceText(name, device, style))
  io.out(`${blocks.join('\n')}\nSnapshot: ${head.name} · ${switches(shown.length)} · ${head.takenAt}\n`)
  io.out(`Next: eosflow plan workflows/add-vlan.yaml --offline ${head.name}\n`)
  return 0
})

function noneOfThese(target: unknown, names: readonly string[]) {
  return inputError(
    `-t ${target}`,
    'nothing-selected',
    'the snapshot holds none of these switches',
    `It holds ${names.join(', ')}.`,
  )
}

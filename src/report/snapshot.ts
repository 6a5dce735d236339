import type { DeviceIdentity } from '../device/device.ts'
import type { Json } from '../model/json.ts'
import { count } from './count.ts'
import { stateLines } from './state-lines.ts'
import type { Style } from './style.ts'
import { visible, visibleLine } from './visible.ts'

/** A switch of a snapshot as it is shown: no secret is in its texts. */
export interface ShownSwitch {
  readonly identity: DeviceIdentity
  readonly running: string
  /** How startup-config differs from running-config; empty when it does not, absent when the switch does not say. */
  readonly startupDiff?: string
  /** State areas by name. */
  readonly state: Readonly<Record<string, Json>>
}

/** One switch of a snapshot: what it is, its configurations, its state areas. */
export function snapshotDeviceText(
  name: string,
  { identity, running, startupDiff, state }: ShownSwitch,
  style: Style,
): string {
  const { model, eos, serial } = identity
  const areas = Object.entries(state).flatMap(([area, value]) => [
    style.bold(`state ${area}`),
    ...stateLines(value, '  '),
  ])
  const saved = savedText(startupDiff)
  const lines = count(running.trimEnd().split('\n').length, 'line')
  const head = style.bold(visibleLine(`${name} · ${model} · EOS ${eos} · ${serial} · running-config of ${lines}`))
  return [head, visible(running.trimEnd()), visible(saved), ...areas, ''].join('\n')
}

function savedText(startupDiff: string | undefined): string {
  if (startupDiff === undefined) return 'startup-config: cannot be read'
  return startupDiff === '' ? 'startup-config: the same' : `startup-config differs:\n${startupDiff.trimEnd()}`
}

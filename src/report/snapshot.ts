import type { DeviceIdentity } from '../eos/device/device.ts'
import { isJsonObject, type Json } from '../model/json.ts'
import { count, type Style, visible, visibleLine } from './text/text.ts'

interface ShownSwitch {
  readonly identity: DeviceIdentity
  readonly running: string
  // How startup-config differs from running-config; empty when it does not, absent when the switch does not say.
  readonly startupDiff?: string
  readonly state: Readonly<Record<string, Json>>
}

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

function savedText(startupDiff: string | undefined) {
  if (startupDiff === undefined) return 'startup-config: cannot be read'
  return startupDiff === '' ? 'startup-config: the same' : `startup-config differs:\n${startupDiff.trimEnd()}`
}

function stateLines(value: Json, indent = ''): readonly string[] {
  const entries = entriesOf(value)
  if (entries === undefined) return [`${indent}${word(value)}`]
  if (entries.length === 0) return [`${indent}none`]
  return entries.flatMap(([name, item]) => {
    const inner = entriesOf(item)
    const label = `${indent}${visibleLine(name)}`
    if (inner === undefined) return [`${label}: ${word(item)}`]
    if (inner.length === 0) return [`${label}: none`]
    if (inner.some(([, deeper]) => entriesOf(deeper) !== undefined)) return [label, ...stateLines(item, `${indent}  `)]
    return [`${label}: ${inner.map(([key, plain]) => `${visibleLine(key)} ${word(plain)}`).join(', ')}`]
  })
}

function entriesOf(value: Json): readonly (readonly [string, Json])[] | undefined {
  if (isJsonObject(value)) return Object.entries(value)
  if (!Array.isArray(value) || !value.some((item) => typeof item === 'object' && item !== null)) return undefined
  return (value as readonly Json[]).map((item, index) => [`${index + 1}`, item] as const)
}

function word(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : (value as readonly Json[]).map(word).join(' ')
  return value === '' ? '-' : visibleLine(String(value))
}

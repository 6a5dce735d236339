import { stateAreas } from '../../eos/check/area/index.ts'
import type { StateComparison } from '../../eos/check/finding/compare.ts'
import { type ChangeLine, presentChanges } from '../../eos/config/diff/diff.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { changesBetween, comparableText } from '../../eos/config/vlan-sets.ts'
import type { DeviceIdentity } from '../../eos/device/device.ts'
import type { Json } from '../../model/json.ts'
import { count, switches } from '../text/count.ts'

export interface ReadDevice {
  readonly identity: DeviceIdentity
  readonly running: string
  /** How startup-config differs from running-config; empty when it does not, absent when the switch does not say. */
  readonly startupDiff?: string
  readonly state: Readonly<Record<string, Json>>
}

export interface DeviceDiff {
  readonly name: string
  readonly known: 'both' | 'before' | 'after'
  readonly switch: readonly string[]
  readonly config: readonly ChangeLine[]
  readonly state: Readonly<Record<string, StateComparison>>
}

export interface Sides {
  readonly before: string
  readonly after?: string
}

/** What the second side is called. */
export function afterWords({ after }: Sides): string {
  return after ?? 'the switches now'
}

export type SecretRemover = (lines: readonly string[]) => readonly string[]

type Devices = Readonly<Record<string, ReadDevice>>

/** What became of every switch that is known on either side, in the order in which they are known. */
export function compareDevices(before: Devices, after: Devices, secretless: SecretRemover): readonly DeviceDiff[] {
  return Object.keys({ ...before, ...after }).map((name) => compareDevice(name, before[name], after[name], secretless))
}

export function isSame({ known, switch: own, config, state }: DeviceDiff): boolean {
  return known === 'both' && own.length + config.length + Object.keys(state).length === 0
}

const SHOWN = 50

export function areaLines(area: string, comparison: StateComparison): readonly string[] {
  if (!comparison.comparable) return [comparison.text]
  const lines = comparison.changes.map(({ text }) => text)
  const rest = lines.length - SHOWN
  return rest > 0 ? [...lines.slice(0, SHOWN), `and ${count(rest, 'more change')} of ${area}`] : lines
}

export interface DiffSize {
  readonly added: number
  readonly removed: number
  readonly state: number
  readonly unknown: number
}

export function sizeOf(diffs: readonly DeviceDiff[]): DiffSize {
  const sum = (of: (diff: DeviceDiff) => number) => diffs.reduce((total, diff) => total + of(diff), 0)
  const signed = (sign: string) => sum(({ config }) => config.filter((line) => line.sign === sign).length)
  const areas = diffs.flatMap(({ state }) => Object.values(state))
  const changes = areas.reduce((total, area) => total + (area.comparable ? area.changes.length : 0), 0)
  return {
    added: signed('+'),
    removed: signed('-'),
    state: changes + sum((diff) => diff.switch.length),
    unknown: areas.filter(({ comparable }) => !comparable).length,
  }
}

/** The size in words, without what is not there where `always` does not ask for it: `+4 -0 lines`, `6 changes of state`. */
export function sizeWords({ added, removed, state, unknown }: DiffSize, always = false): readonly string[] {
  return [
    ...(always || added + removed > 0 ? [`+${added} -${removed} lines`] : []),
    ...(always || state > 0 ? [`${count(state, 'change')} of state`] : []),
    ...(unknown > 0 ? [`${count(unknown, 'area')} not compared`] : []),
  ]
}

/** `before -> after · 6 switches: 4 differ, 2 the same · +5 -1 lines, 15 changes of state`. */
export function diffSummary(diffs: readonly DeviceDiff[], sides: Sides): string {
  const same = diffs.filter(isSame).length
  const compared = `${switches(diffs.length)}: ${diffs.length - same} differ, ${same} the same`
  return `${sides.before} -> ${afterWords(sides)} · ${compared} · ${sizeWords(sizeOf(diffs), true).join(', ')}`
}

function compareDevice(
  name: string,
  was: ReadDevice | undefined,
  is: ReadDevice | undefined,
  secretless: SecretRemover,
): DeviceDiff {
  if (was === undefined || is === undefined) {
    return { name, known: is === undefined ? 'before' : 'after', switch: [], config: [], state: {} }
  }
  const described = stateAreas
    .filter(({ name: area }) => was.state[area] !== undefined || is.state[area] !== undefined)
    .map((area) => [area.name, area.describe(was.state[area.name], is.state[area.name])] as const)
  return {
    name,
    known: 'both',
    switch: switchChanges(was, is),
    config: configChanges(was.running, is.running, secretless),
    state: Object.fromEntries(described.filter(([, area]) => !area.comparable || area.changes.length > 0)),
  }
}

function switchChanges(was: ReadDevice, is: ReadDevice) {
  const facts = [
    ['EOS', was.identity.eos, is.identity.eos],
    ['model', was.identity.model, is.identity.model],
    ['serial number', was.identity.serial, is.identity.serial],
    ['system MAC', was.identity.systemMac, is.identity.systemMac],
    ['startup-config', savedWord(was), savedWord(is)],
  ] as const
  return facts.flatMap(([what, before, after]) => (before === after ? [] : [`${what}: ${before} -> ${after}`]))
}

function savedWord({ startupDiff }: ReadDevice): string {
  if (startupDiff === undefined) return 'not readable'
  return startupDiff.trim() === '' ? 'the same as running-config' : 'differs from running-config'
}

function configChanges(was: string, is: string, secretless: SecretRemover): readonly ChangeLine[] {
  const lines = presentChanges(changesBetween(parseConfig(comparableText(was)), parseConfig(comparableText(is))))
  const shown = secretless(lines.map(({ text }) => text))
  return lines.map((line, index) => ({ ...line, text: shown[index] ?? '' }))
}

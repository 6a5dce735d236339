import { stateAreas } from '../check/area/index.ts'
import type { Comparison } from '../check/state-change.ts'
import { type ChangeLine, presentChanges } from '../config/changes.ts'
import { diffConfig } from '../config/diff.ts'
import { parseConfig } from '../config/parse.ts'
import { comparableText } from '../config/volatile.ts'
import type { DeviceIdentity } from '../device/device.ts'
import type { Json } from '../model/json.ts'

/** What is compared of one switch. */
export interface ReadDevice {
  readonly identity: DeviceIdentity
  readonly running: string
  /** How startup-config differs from running-config; empty when it does not. */
  readonly startupDiff: string
  /** State areas by name. */
  readonly state: Readonly<Record<string, Json>>
}

/** What became of one switch. Where it is known on one side only, there is nothing to compare. */
export interface DeviceDiff {
  readonly name: string
  readonly known: 'both' | 'before' | 'after'
  /** What the switch itself is: its version, its hardware, whether its configuration is saved. */
  readonly switch: readonly string[]
  /** The changes of running-config, without secrets. */
  readonly config: readonly ChangeLine[]
  /** What became of each state area that is not as it was, or cannot be compared. */
  readonly state: Readonly<Record<string, Comparison>>
}

/** Gives lines of configuration without their secrets, one for one. */
export type Secretless = (lines: readonly string[]) => readonly string[]

type Devices = Readonly<Record<string, ReadDevice>>

/** What became of every switch that is known on either side, in the order in which they are known. */
export function compareDevices(before: Devices, after: Devices, secretless: Secretless): readonly DeviceDiff[] {
  return Object.keys({ ...before, ...after }).map((name) => compareDevice(name, before[name], after[name], secretless))
}

/** Whether a switch is as it was. */
export function isSame({ known, switch: own, config, state }: DeviceDiff): boolean {
  return known === 'both' && own.length + config.length + Object.keys(state).length === 0
}

/** What is told of the state areas that are not as they were: a line per change, or why there is no comparison. */
export function stateLines({ state }: DeviceDiff): readonly string[] {
  return Object.values(state).flatMap((area) => (area.comparable ? area.changes.map(({ text }) => text) : [area.text]))
}

function compareDevice(
  name: string,
  was: ReadDevice | undefined,
  is: ReadDevice | undefined,
  secretless: Secretless,
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

function switchChanges(was: ReadDevice, is: ReadDevice): readonly string[] {
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
  return startupDiff.trim() === '' ? 'the same as running-config' : 'differs from running-config'
}

function configChanges(was: string, is: string, secretless: Secretless): readonly ChangeLine[] {
  const diff = diffConfig(parseConfig(comparableText(was)), parseConfig(comparableText(is)))
  const lines = presentChanges(diff.changes)
  const shown = secretless(lines.map(({ text }) => text))
  return lines.map((line, index) => ({ ...line, text: shown[index] ?? '' }))
}

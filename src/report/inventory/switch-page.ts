import type { DeviceVars, VariableWriting } from '../../change/inventory/device-vars.ts'
import type { InventoryDevice } from '../../change/inventory/inventory.ts'
import type { Json } from '../../model/json.ts'
import type { Place } from '../../model/problem.ts'
import { count } from '../text/count.ts'
import { visibleLine } from '../text/visible.ts'
import { type ShownValue, shownValue } from './shown-value.ts'
import { addressText, type ListedSwitch, listedSwitch } from './switch-list.ts'

export interface ShownVariable {
  readonly name: string
  readonly shown: ShownValue
  readonly from: VariableWriting
  readonly overrode: readonly VariableWriting[]
}

export interface SwitchPage {
  readonly of: ListedSwitch
  readonly variables: readonly ShownVariable[]
}

/** Reads all variables of a switch, sorted by name. */
export function switchPage(device: InventoryDevice): SwitchPage {
  return { of: listedSwitch(device), variables: variablesOf(device.vars) }
}

function variablesOf(vars: DeviceVars): readonly ShownVariable[] {
  return [...vars.names()].sort().flatMap((name): readonly ShownVariable[] => {
    const origin = vars.origin(name)
    if (origin === undefined) return []
    const { of, at, overrode } = origin
    return [{ name, shown: shownValue(name, () => vars.get(name)), from: { of, at }, overrode }]
  })
}

/** The switch for people; `isOrigin`: with the place of each variable, and what it hides. */
export function switchPageText({ of, variables }: SwitchPage, isOrigin: boolean): string {
  const head: readonly (readonly [string, string])[] = [
    ['address', `${addressText(of)} (${of.transport})`],
    ['via', (of.via ?? []).join(', ')],
    ['credentials', of.credentials],
    [
      'tags',
      Object.entries(of.tags)
        .map(([tag, value]) => `${tag}:${value}`)
        .join(' '),
    ],
    ['groups', of.groups.join(' ')],
  ]
  const lines = head.flatMap(([what, text]) => (text === '' ? [] : [`  ${what.padEnd(12)}${text}`]))
  return [
    of.name,
    ...lines,
    ...variables.flatMap((one) => variableLines(one, isOrigin)),
    count(variables.length, 'variable'),
  ]
    .map(visibleLine)
    .join('\n')
}

function variableLines({ name, shown, from, overrode }: ShownVariable, isOrigin: boolean) {
  const value = 'value' in shown ? JSON.stringify(shown.value) : `cannot be read: ${shown.problem.message}`
  const own = `  ${name} = ${value}`
  if (!isOrigin) return [own]
  return [own, `      ${writingText(from)}`, ...overrode.map((writing) => `      overrides ${writingText(writing)}`)]
}

const writingText = ({ of, at }: VariableWriting) => `${of}, ${at.file}:${at.line}`

export function switchPageJson({ of, variables }: SwitchPage): Json {
  const written = ({ of: whose, at }: VariableWriting): Json => ({ of: whose, at: placeJson(at) })
  return {
    version: 1,
    kind: 'inventory-switch',
    switch: of as unknown as Json,
    variables: variables.map(({ name, shown, from, overrode }) => ({
      name,
      ...('value' in shown
        ? { value: shown.value }
        : { error: shown.problem.message, errorAt: placeJson(shown.problem.at) }),
      from: written(from),
      overrode: overrode.map(written),
    })),
  }
}

const placeJson = ({ file, line, column }: Place): Json => ({ file, line, column })

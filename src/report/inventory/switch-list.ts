import type { DeviceVars, VariableWriting } from '../../change/inventory/device-vars.ts'
import type { InventoryDevice } from '../../change/inventory/inventory.ts'
import { pluginFor, portVariable } from '../../change/inventory/source/ansible-plugins.ts'
import type { Place } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { count, csvText, switches, visibleLine } from '../text/text.ts'
import type { InventoryDocument } from './result-schema.ts'
import { type ShownValue, shownValue } from './shown-value.ts'

type ListedSwitch = Readonly<InventoryDocument['switches'][number]>

export function listedSwitch({
  name,
  host,
  port,
  transport,
  credentials,
  tags,
  groups,
  via,
}: InventoryDevice): ListedSwitch {
  const way = via === undefined ? {} : { via: via.map((hop) => hop.name) }
  return { name, host, port, transport, credentials, ...way, tags, groups }
}

export function switchListText(listed: readonly ListedSwitch[]): string {
  const rows = listed.map((one) => [
    one.name,
    addressText(one),
    one.transport,
    [
      ...Object.entries(one.tags).map(([tag, value]) => `${tag}:${value}`),
      ...one.groups.map((name) => `@${name}`),
    ].join(' '),
  ])
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)))
  const lines = rows.map((row) =>
    visibleLine(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  )
  return [...lines, switches(listed.length)].join('\n')
}

export function switchListJson(switches: readonly ListedSwitch[]): InventoryDocument {
  return { version: 1, kind: 'inventory', switches }
}

/** A column `tags.NAME` for each tag that one of them has. */
export function switchListCsv(listed: readonly ListedSwitch[]): string {
  const tags = [...new Set(listed.flatMap((one) => Object.keys(one.tags)))].sort()
  return csvText([
    ['name', 'host', 'port', 'transport', 'credentials', 'groups', ...tags.map((tag) => `tags.${tag}`)],
    ...listed.map((one) => [
      one.name,
      one.host,
      String(one.port),
      one.transport,
      one.credentials,
      one.groups.join(' '),
      ...tags.map((tag) => (Object.hasOwn(one.tags, tag) ? (one.tags[tag] ?? '') : '')),
    ]),
  ])
}

/** The switches as `ansible-inventory --list` prints them: groups, and for each host how it is reached, its tags as variables, and its own variables. No login and no secret is in it. */
export function switchListAnsible(devices: readonly InventoryDevice[], tell: (text: string) => void): JsonObject {
  const hostvars = Object.fromEntries(devices.map((device) => [device.name, hostvarsOf(device, tell)]))
  const names = [...new Set(devices.flatMap(({ groups }) => groups))].sort()
  const inside = names.map((group): [string, Json] => [
    group,
    { hosts: devices.filter(({ groups }) => groups.includes(group)).map(({ name }) => name) },
  ])
  const loose = devices.filter(({ groups }) => groups.length === 0).map(({ name }) => name)
  const all = { children: ['ungrouped', ...names.filter((name) => name !== 'ungrouped')] }
  return { _meta: { hostvars }, all, ungrouped: { hosts: loose }, ...Object.fromEntries(inside) }
}

function hostvarsOf({ name, host, port, transport, tags, vars }: InventoryDevice, tell: (text: string) => void): Json {
  const plugin = pluginFor(transport)
  const own = vars.names().flatMap((variable): [string, Json][] => {
    const shown = shownValue(variable, () => vars.get(variable))
    if ('value' in shown) return [[variable, shown.value]]
    tell(
      `! ${name}: ${variable} is left out: ${shown.problem.at.file}:${shown.problem.at.line}: ${shown.problem.message}\n`,
    )
    return []
  })
  return {
    ...tags,
    ...Object.fromEntries(own),
    ansible_host: host,
    [portVariable(transport)]: port,
    ...(plugin === undefined ? {} : { ansible_connection: plugin.connection }),
    ansible_network_os: 'arista.eos.eos',
  }
}

// An address with its port, as it is written: `10.0.0.1:443`, `[2001:db8::1]:443`.
function addressText({ host, port }: Pick<ListedSwitch, 'host' | 'port'>) {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

interface ShownVariable {
  readonly name: string
  readonly shown: ShownValue
  readonly from: VariableWriting
  readonly overrode: readonly VariableWriting[]
}

interface SwitchPage {
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

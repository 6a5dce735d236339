import type { InventoryDevice } from '../../change/inventory/inventory.ts'
import { pluginFor, portVariable } from '../../change/inventory/source/ansible-plugins.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { switches } from '../text/count.ts'
import { csvText } from '../text/csv.ts'
import { visibleLine } from '../text/visible.ts'
import type { InventoryDocument } from './result-schema.ts'
import { shownValue } from './shown-value.ts'

export interface ListedSwitch {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly transport: string
  readonly credentials: string
  readonly via?: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly groups: readonly string[]
}

export function listedSwitch(device: InventoryDevice): ListedSwitch {
  const { name, host, port, transport, credentials, tags, groups, via } = device
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

/** An address with its port, as it is written: `10.0.0.1:443`, `[2001:db8::1]:443`. */
export function addressText({ host, port }: Pick<ListedSwitch, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

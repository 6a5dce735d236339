import { z } from 'zod'
import { pluginFor, portVariable } from '../../../change/inventory/source/ansible-plugins.ts'
import type { ListedGroup, ListForm } from '../../../change/roster/hosts/listed-value.ts'
import type { Json } from '../../../model/json.ts'
import type { ValueOrProblems } from '../../../model/problem.ts'
import { TRANSPORT_KINDS, type TransportKind } from '../../../model/transport-kind.ts'
import type { LocatedValue } from '../../../text/source/located.ts'
import { parseWith } from '../../../text/source/parse-with.ts'

const vars = z.record(z.string(), z.json()).default({})
const group = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'letters, digits, `.`, `_` and `-`')

const schema = z.strictObject({
  version: z.literal(1),
  devices: z.record(
    z.string().min(1),
    z.strictObject({
      host: z.string().min(1).optional().describe('Address or name of the management interface.'),
      port: z.int().min(1).max(65_535).optional(),
      transport: z.enum(TRANSPORT_KINDS).optional(),
      groups: z.array(group).default([]),
      vars,
    }),
  ),
  groups: z.record(group, z.strictObject({ children: z.array(group).default([]), vars })).default({}),
})

/** eosflow's own form of an inventory, which programs print: every device in it is a switch. Given in the shape of `ansible-inventory --list`. */
export function printedDevices(located: LocatedValue): ValueOrProblems<ListForm> {
  const read = parseWith(schema, located)
  return read.ok ? { ok: true, value: listed(read.value) } : read
}

function listed({ devices, groups }: z.output<typeof schema>): ListForm {
  const members = new Map<string, string[]>(Object.keys(groups).map((name) => [name, []]))
  for (const [name, { groups: own }] of Object.entries(devices)) {
    for (const one of own.length === 0 ? ['ungrouped'] : own) members.set(one, [...(members.get(one) ?? []), name])
  }
  const inner = new Set(Object.values(groups).flatMap(({ children }) => children))
  const all: ListedGroup = { children: [...members.keys()].filter((name) => !inner.has(name)) }
  return {
    _meta: {
      hostvars: Object.fromEntries(
        Object.entries(devices).map(([name, { host, port, transport, vars: own }]) => [
          name,
          {
            ...(own as Readonly<Record<string, Json>>),
            ansible_network_os: 'arista.eos.eos',
            ...(host === undefined ? {} : { ansible_host: host }),
            ...(transport === undefined ? {} : connectionBy(transport)),
            ...(port === undefined ? {} : { [portVariable(transport)]: port }),
          },
        ]),
      ),
    },
    all,
    ...Object.fromEntries(
      [...members].map(([name, hosts]) => [
        name,
        {
          hosts,
          children: groups[name]?.children ?? [],
          vars: (groups[name]?.vars ?? {}) as Readonly<Record<string, Json>>,
        },
      ]),
    ),
  }
}

function connectionBy(transport: TransportKind): { readonly ansible_connection?: string } {
  const plugin = pluginFor(transport)
  return plugin === undefined ? {} : { ansible_connection: plugin.connection }
}

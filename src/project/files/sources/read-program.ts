import { z } from 'zod'
import { pluginFor, portVariable } from '../../../change/inventory/source/ansible-plugins.ts'
import type { InventoryProgram } from '../../../change/inventory/source/source-settings.ts'
import { fromList } from '../../../change/roster/from-list.ts'
import type { ListedGroup, ListForm } from '../../../change/roster/hosts/roster.ts'
import { EosflowError, type ValueOrProblems } from '../../../model/error.ts'
import { definedMembers, isJsonObject, type Json } from '../../../model/json.ts'
import { TRANSPORT_KINDS, type TransportKind } from '../../../model/transport-kind.ts'
import { readJson } from '../../../text/source/json.ts'
import type { LocatedValue } from '../../../text/source/located.ts'
import { parseWith } from '../../../text/source/yaml.ts'
import { allowedEnv, ProgramFault, printedBy } from '../../secret/program.ts'
import type { Host } from '../../system/process/host.ts'
import { problemText } from '../../system/process/input-error.ts'

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

function printedDevices(located: LocatedValue): ValueOrProblems<ListForm> {
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
            ...definedMembers({ ansible_host: host }),
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

const LONGEST = 64 * 2 ** 20

/** What a program of `eosflow.yaml` prints, in the shape of `ansible-inventory --list`: it prints that, or `{ "version": 1, "devices": … }`. Throws `inventory-exec`. */
export async function readProgram(
  name: string,
  { command, env, seconds }: InventoryProgram,
  { env: given, dir }: Pick<Host, 'env'> & { readonly dir: string },
  signal: AbortSignal,
): Promise<ListForm> {
  const [program] = command
  const label = `exec ${name} (${program})`
  const run = { command, env: allowedEnv(env, given), cwd: dir, seconds, longest: LONGEST, signal }
  const bytes = await printedBy(run).catch((error: unknown) => {
    if (!(error instanceof ProgramFault)) throw error
    throw signal.aborted
      ? new EosflowError('cancelled', `${label}: stopped`)
      : fault(
          `${label} ${error.message}`,
          'Run its command by hand, as this user: what it says of itself is not shown here.',
          error,
        )
  })
  const read = readJson(bytes, label)
  if (!read.ok)
    throw fault(`${label} printed what is no JSON: ${bytes.length === 0 ? 'nothing' : `${bytes.length} bytes`}`, SHAPE)
  const { value } = read.value
  if (isJsonObject(value) && 'devices' in value && !('_meta' in value)) {
    const devices = printedDevices(read.value)
    if (!devices.ok) throw fault(`${label} printed devices that are none: ${problemText(devices.problems[0])}`, SHAPE)
    return devices.value
  }
  const list = fromList(value, label)
  if (!list.ok) throw fault(`${label} printed what is no inventory: ${list.problems[0].message}`, SHAPE)
  return value as unknown as ListForm
}

const SHAPE = 'It has to print what `ansible-inventory --list` prints, or an object with version: 1 and devices.'

function fault(message: string, hint: string, cause?: unknown) {
  return new EosflowError('inventory-exec', message, { hint, ...definedMembers({ cause }) })
}

import { z } from 'zod'
import type { Place, Problem, ValueOrProblems } from '../../../model/error.ts'
import { type LazyValue, ValueFault } from '../../../model/once.ts'
import type { TransportKind } from '../../../model/transport-kind.ts'
import { refuse } from '../../../text/source/located.ts'
import { programCommand, programVariables } from '../../../text/source/program-schema.ts'
import type { Roster, RosterHost } from '../../roster/hosts/roster.ts'
import { isClear, secretReference } from '../switch/secret-settings.ts'

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, `_` and `-`')

// `exec:` of an entry of `sources:`: a program that `eosflow.yaml` names (docs/netbox-nautobot.md#programs).
const execSource = name
  .describe('A program under `inventory: exec:` in eosflow.yaml that prints an inventory.')
  .meta({ examples: ['cvp'] })

const program = z
  .strictObject({
    command: programCommand()
      .describe('The program and its arguments. No shell is used.')
      .meta({ examples: [['/usr/bin/python3', 'cvp-inventory.py']] }),
    env: programVariables,
    timeout: z.int().min(1).max(600).default(60).describe('How many seconds it may take.'),
  })
  .transform(({ command, env, timeout }) => ({ command, env, seconds: timeout }))

/** `inventory: exec:` of `eosflow.yaml`: the programs that print an inventory, by name. */
export const inventoryPrograms = z
  .record(name, program)
  .default({})
  .describe('Programs that print an inventory: `exec: NAME` in `sources:` of the inventory.')

export type InventoryProgram = z.output<typeof program>

function isAddress(text: string) {
  if (!/^https?:\/\/[^\s\\*]+$/i.test(text) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return username === '' && password === '' && search === '' && hash === ''
}

const url = z
  .string()
  .refine(isAddress, {
    error: 'the url of a source is a scheme, a name or address, a port, and the path that it lies below; nothing else',
    params: { code: 'bad-host', hint: 'for example `https://netbox.example.com`, without /api' },
  })
  .refine((text) => !isAddress(text) || !/\/api\/?$/.test(new URL(text).pathname), {
    error: 'the url of a source ends before /api',
    params: { code: 'bad-host', hint: 'for example `https://netbox.example.com`' },
  })
  .refine((text) => !isAddress(text) || !isClear(text), {
    error: 'plain http would send the token in clear text',
    params: { code: 'plain-http', hint: 'use https; http is for a service on this machine (127.0.0.1)' },
  })
  .transform((text) => text.replace(/\/+$/, ''))
  .meta({ examples: ['https://netbox.example.com'] })

const scalar = z.union([z.string(), z.number(), z.boolean()])

const OWN: readonly string[] = [
  'limit',
  'offset',
  'ordering',
  'sort',
  'exclude',
  'omit',
  'include',
  'fields',
  'brief',
  'depth',
  'format',
  'start',
  'api_version',
  'exclude_m2m',
]

const query = z
  .record(z.string().min(1), z.union([scalar, z.array(scalar).min(1)]))
  .superRefine((given, { addIssue }) => {
    for (const name of Object.keys(given).filter((one) => OWN.includes(one))) {
      const params = { code: 'own-parameter', hint: 'take it away: a query holds filters alone' }
      addIssue({ code: 'custom', path: [name], message: `\`${name}\` is set by eosflow itself`, params })
    }
  })
  .default({})
  .describe('Which devices: filters of the service by name. A list means any of its values.')
  .meta({ examples: [{ status: 'active', role: ['leaf', 'spine'] }] })

const field = z.string().min(1)

const serviceKeys = {
  url,
  token: secretReference(`\${env:NETBOX_TOKEN}`).describe('Where the token is kept. It needs no right to write.'),
  query,
  address: z
    .string()
    .regex(/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/, 'a field, or a path to one with dots')
    .default('primary_ip4')
    .describe('The field with the address that a switch is reached at; of an IP address without its prefix length.')
    .meta({ examples: ['primary_ip4'] }),
  hostname: z
    .enum(['name', 'slug'])
    .default('name')
    .describe('Whether a switch has the name of its record, or that name as a slug: `test-vm-with-spaces`.'),
  platforms: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('The platforms that are switches, by slug or name. Default: those that name EOS, such as `arista-eos`.')
    .meta({ examples: [['arista-eos']] }),
  tags: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, `_` and `-`'), field)
    .default({})
    .describe('The tags of a switch: tag from a field, by its name or its path with dots.')
    .meta({ examples: [{ role: 'role.slug' }] }),
  vars: z
    .union([z.literal('all'), z.array(field)])
    .default('all')
    .describe('Which fields templates may read. Config contexts are asked for only where they may be read.')
    .meta({ examples: [['config_context', 'custom_fields']] }),
  ca: z
    .string()
    .min(1)
    .optional()
    .describe('The certificate authority (PEM), relative to the project, instead of those of the system.'),
  pageSize: z
    .int()
    .min(2)
    .max(10_000)
    .optional()
    .describe('How many devices are asked for at once. Default 1000, with config contexts 200.'),
  paging: z
    .enum(['next', 'offset'])
    .default('next')
    .describe('`offset`: ignore the address of the next page that the service names, which a proxy can make wrong.'),
  timeout: z.int().min(1).max(600).default(60).describe('How many seconds one page may take.'),
} as const

export type ServiceSettings = z.output<ReturnType<typeof shape>>

// For the type alone: a strict object of {@link serviceKeys}.
const shape = () => z.strictObject(serviceKeys)

export function hasContext({ vars }: Pick<ServiceSettings, 'vars'>): boolean {
  return vars === 'all' || vars.includes('config_context')
}

/** How many devices are asked for at once. */
export function pageSizeOf(settings: Pick<ServiceSettings, 'vars' | 'pageSize'>): number {
  return settings.pageSize ?? (hasContext(settings) ? 200 : 1000)
}

export type ReadSources = (
  sources: readonly SourceSettings[],
  placeOf: (index: number) => Place,
) => readonly ValueOrProblems<SourceReading>[]

export const unreadSources: ReadSources = (sources, placeOf) =>
  sources.map((_, index) =>
    refuse({ code: 'inventory-source', message: 'sources are not read here', at: placeOf(index) }),
  )

/** `netbox:` of an entry of `sources:` (docs/netbox-nautobot.md). */
export const netboxSettings = z.strictObject(serviceKeys).describe('The devices of a NetBox, 4.2 or later.')

/** `nautobot:` of an entry of `sources:` (docs/netbox-nautobot.md). */
export const nautobotSettings = z.strictObject(serviceKeys).describe('The devices of a Nautobot, 2.0 or later.')

const path = z.string().min(1)

const variable = z.string().min(1)

const tags = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, `_` and `-`'), variable)
  .default({})
  .describe('The tags of a switch: tag from the variable, by its name or its path with dots.')
  .meta({ examples: [{ role: 'type' }] })

const vars = z
  .union([z.literal('all'), z.array(variable)])
  .default('all')
  .describe('Which variables templates may read: `all`, or a list of names. `ansible_*` is never among them.')
  .meta({ examples: ['all'] })

const taken = { tags, vars }

const ansible = z
  .strictObject({
    ansible: z
      .union([path, z.array(path).min(1)])
      .describe(
        'An inventory of Ansible: a file, a folder, or a list that is merged from left to right as `-i -i` does.',
      )
      .meta({ examples: ['inventory/'] }),
    only: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Which of its hosts are switches, as a pattern of Ansible. Default: those whose `ansible_network_os` is eos or arista.eos.eos.',
      )
      .meta({ examples: ['FABRIC'] }),
    playbooks: path
      .optional()
      .describe(
        'The folder of the playbooks: its group_vars and host_vars are read as well, and are stronger than those beside the inventory.',
      )
      .meta({ examples: ['.'] }),
    ...taken,
    vault: z
      .union([
        secretReference(`\${file:/etc/eosflow/vault-pass}`),
        z.record(z.string().min(1), secretReference(`\${env:VAULT_PROD}`)),
      ])
      .optional()
      .describe('Where the vault password is kept, or one for each vault id.')
      .meta({ examples: [`\${file:/etc/eosflow/vault-pass}`] }),
  })
  .describe('An inventory of Ansible, with its group_vars and host_vars.')

const nornir = z
  .strictObject({
    nornir: z.strictObject({
      hosts: path.default('hosts.yaml'),
      groups: path.optional(),
      defaults: path.optional(),
    }),
    ...taken,
  })
  .describe('A SimpleInventory of Nornir. Hosts of the platform eos or arista_eos are switches, and those without one.')

const anta = z
  .strictObject({ anta: path.meta({ examples: ['anta-inventory.yml'] }), ...taken })
  .describe('An inventory of ANTA.')

const containerlab = z
  .strictObject({ containerlab: path.meta({ examples: ['lab.clab.yml'] }), ...taken })
  .describe('A topology of containerlab: its nodes of an EOS kind are switches.')

const csv = z
  .strictObject({
    csv: z.strictObject({
      file: path,
      columns: z
        .record(z.string().min(1), z.string().min(1))
        .describe('What is taken from which column: name, host, port, `tags.NAME`.')
        .meta({ examples: [{ name: 'hostname', host: 'ip', 'tags.role': 'role' }] }),
    }),
    ...taken,
  })
  .describe('A table, its first line naming the columns.')

const netbox = z.strictObject({ netbox: netboxSettings })

const nautobot = z.strictObject({ nautobot: nautobotSettings })

const exec = z.strictObject({ exec: execSource, ...taken })

/** `sources:` of `inventory.yaml`: inventories of other tools, in the order in which they are merged. */
export const sourceSettings = z
  .array(z.union([ansible, nornir, anta, containerlab, csv, netbox, nautobot, exec]))
  .describe('Inventories of other tools, read as they are; a later one goes before an earlier one.')
  .meta({ examples: [[{ ansible: 'inventory/' }]] })

export type SourceSettings = z.output<typeof sourceSettings>[number]

export type AskedSettings = Extract<
  SourceSettings,
  { readonly netbox: unknown } | { readonly nautobot: unknown } | { readonly exec: unknown }
>

export interface SourceValues {
  /** Throws `ValueFault`. */
  get(name: string): LazyValue | undefined
}

export interface SourceConnection {
  readonly host?: { readonly text: string; readonly at: Place }
  readonly port?: number
  readonly transport?: TransportKind
  readonly via?: readonly string[]
}

export interface SourceReading {
  readonly label: string
  readonly at: Place
  readonly tags: Readonly<Record<string, string>>
  readonly vars: 'all' | readonly string[]
  readonly roster: Roster
  /** The names of those hosts that are switches, in the order of the source. */
  readonly chosen: readonly string[]
  /** How hosts are chosen, for the message when none is: `whose ansible_network_os is eos`. */
  readonly rule: string
  readonly hint: string
  readonly valuesOf: (host: RosterHost) => SourceValues
  /** Throws `ValueFault` for what cannot be rendered or is of no use. */
  readonly connectionOf: (host: RosterHost, values: SourceValues) => SourceConnection
  readonly warnings: readonly Problem[]
}

/** A part of variables by its path with dots: `role.slug`, `interfaces.0.name`. Throws `ValueFault`. */
export function valueAt(values: SourceValues, path: string): LazyValue | undefined {
  const [first = '', ...steps] = values.get(path) === undefined ? path.split('.') : [path]
  return steps.reduce<LazyValue | undefined>((value, step) => {
    if (value?.kind === 'map') return value.member(step)
    return value?.kind === 'list' && /^\d{1,6}$/.test(step) ? value.item(Number(step)) : undefined
  }, values.get(first))
}

/** Undefined for null and for an empty text. Throws `ValueFault` for a list and a mapping. */
export function textOf(value: LazyValue | undefined, what: string): string | undefined {
  if (value === undefined) return undefined
  if (value.kind !== 'scalar') {
    const is = value.kind === 'list' ? 'a list' : 'a mapping'
    throw new ValueFault({ code: 'inventory-value', message: `${what} must be one value, not ${is}`, at: value.at })
  }
  return value.value === null || value.value === '' ? undefined : String(value.value)
}

/** Throws `ValueFault` for anything else. */
export function portOf(value: LazyValue | undefined, what: string): number | undefined {
  const text = textOf(value, what)
  if (text === undefined || value === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new ValueFault({
    code: 'inventory-value',
    message: `${what} must be the number of a port, from 1 to 65535`,
    at: value.at,
  })
}

import { z } from 'zod'
import { secretReference } from '../switch/secret-settings.ts'
import { execSource } from './exec-settings.ts'
import { serviceKeys } from './service-settings.ts'

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

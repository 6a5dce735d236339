import { z } from 'zod'
import { duration } from '../../text/source/duration-schema.ts'
import { jumpSettings, viaSetting } from './jumps.ts'
import { sourceSettings } from './source/source-settings.ts'
import { switchName as name } from './switch/switch-name.ts'
import { transportSettings } from './transports.ts'

const tagValue = z
  .union([z.string().regex(/^[^\p{C}]{1,256}$/u, 'one line of plain text'), z.number()])
  .transform(String)

const connection = {
  ...transportSettings,
  via: viaSetting,
  credentials: z
    .string()
    .optional()
    .describe('A name under `credentials`.')
    .meta({ examples: ['operator'] }),
  readCredentials: z
    .string()
    .optional()
    .describe('The user that only reads: for snapshots, checks and verification. Default `credentials`.')
    .meta({ examples: ['reader'] }),
  sendEnable: z
    .boolean()
    .optional()
    .describe(
      'Whether `enable` is sent. `false` is for a user who is privileged without it, where command authorization denies it. Default true.',
    )
    .meta({ examples: [false] }),
  answerWithin: duration(10, 600, '5m')
    .optional()
    .describe('After how long an answer of the switch counts as lost. A large replace can take minutes. Default 2m.'),
}

const credential = z.strictObject({
  username: z
    .string()
    .min(1)
    .describe('The user on the switch.')
    .meta({ examples: ['eosflow-rw'] }),
  password: z
    .string()
    .optional()
    .describe('Where the password is kept. May be absent where a key or a certificate logs in.')
    .meta({ examples: [`\${env:EOSFLOW_RW}`] }),
  key: z
    .string()
    .optional()
    .describe('Where the private key is kept: for SSH, and that of `certificate`.')
    .meta({ examples: [`\${file:/home/eosflow/.ssh/id_ed25519}`] }),
  passphrase: z
    .string()
    .optional()
    .describe('Where the passphrase of `key` is kept, if it has one.')
    .meta({ examples: [`\${env:EOSFLOW_PASSPHRASE}`] }),
  agent: z
    .union([
      z.literal(true),
      z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'SHA256: and 43 characters of base64, as `ssh-add -l` prints it'),
    ])
    .optional()
    .describe('Keys of the ssh-agent at SSH_AUTH_SOCK log in, for SSH: all of them, or the one with this fingerprint.')
    .meta({ examples: [true] }),
  certificate: z
    .string()
    .min(1)
    .optional()
    .describe('File of the client certificate for eAPI, PEM; the switch takes its common name as the user.')
    .meta({ examples: ['certs/eosflow.pem'] }),
  enable: z
    .string()
    .optional()
    .describe('Where the enable secret is kept.')
    .meta({ examples: [`\${env:EOSFLOW_ENABLE}`] }),
  simulated: z
    .literal(true)
    .optional()
    .describe('The login of simulated switches, which is invented and may be written here in clear text.'),
})

const groupName = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
    'letters, digits, `.`, `_` and `-`, at most 128, and first no `.` or `-`',
  )

const memberOf = groupName.refine((text) => text !== 'all', 'every switch is in `all`, and `all` is in no group')

const vars = z
  .record(
    z
      .string()
      .regex(
        /^(?!__)[A-Za-z_][A-Za-z0-9_]{0,127}$/,
        'a letter or `_`, then letters, digits and `_`, at most 128, and not `__` first',
      ),
    z.json(),
  )
  .optional()
  .describe('Variables, which templates read as `device.vars.NAME`. A value is what is written: it is no template.')
  .meta({ examples: [{ asn: 65101, ntp: ['192.0.2.1'] }] })

const group = z.strictObject({
  vars,
  children: z
    .array(memberOf)
    .optional()
    .describe('Groups in it: their switches are in this group too, and their variables are stronger.')
    .meta({ examples: [['LEAVES']] }),
  priority: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .optional()
    .describe('Among groups of one depth the higher one is stronger, then the later name. Default 1.')
    .meta({ examples: [10] }),
  via: viaSetting,
})

const device = z.strictObject({
  lab: z
    .literal(true)
    .optional()
    .describe(
      'A switch of a lab, which nobody needs: `eosflow doctor` may try things on it (`--prove`, `--conformance`).',
    ),
  host: z
    .string()
    .optional()
    .describe('Address or name of the management interface. May be absent where a source has it.')
    .meta({ examples: ['10.0.0.11'] }),
  ...connection,
  tags: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, `_` and `-`'), tagValue)
    .optional()
    .describe('`role: leaf` is selected by `role:leaf`.')
    .meta({ examples: [{ role: 'leaf', mlag: 'pair1' }] }),
  groups: z
    .array(memberOf)
    .optional()
    .describe('The groups that it is directly in.')
    .meta({ examples: [['LEAVES']] }),
  vars,
})

/** The shape of `inventory.yaml` (docs/inventory.md). */
export const inventorySchema = z
  .strictObject({
    version: z.literal(1).default(1),
    defaults: z.strictObject(connection).default({}).describe('What every device has unless it says otherwise.'),
    credentials: z
      .record(name, credential)
      .default({})
      .describe('Users of the switches and the jump hosts, by a name of your choice.'),
    jumps: jumpSettings
      .default({})
      .describe('Jump hosts, by a name of your choice: hosts with SSH that lead to switches (`via`).')
      .meta({ examples: [{ bastion: { host: '192.0.2.1', credentials: 'jumper' } }] }),
    groups: z
      .record(groupName, group)
      .default({})
      .describe('Groups of switches, by name, and what all of a group have. Every switch is in `all`.')
      .meta({ examples: [{ DC1: { vars: { ntp: ['192.0.2.1'] }, children: ['LEAVES'] } }] }),
    sources: sourceSettings.default([]),
    devices: z
      .record(name, device)
      .default({})
      .describe('The switches, by name. What is said here of a switch goes before what sources and groups say of it.')
      .meta({ examples: [{ leaf1: { host: '10.0.0.11' } }] }),
  })
  .meta({ id: 'inventory', title: 'eosflow inventory' })

export type InventoryFile = z.output<typeof inventorySchema>

import { z } from 'zod'
import { duration, shown } from '../../text/source/duration.ts'
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
  credentials: shown(z.string().optional(), 'A name under `credentials`.', 'operator'),
  readCredentials: shown(
    z.string().optional(),
    'The user that only reads: for snapshots, checks and verification. Default `credentials`.',
    'reader',
  ),
  sendEnable: shown(
    z.boolean().optional(),
    'Whether `enable` is sent. `false` is for a user who is privileged without it, where command authorization denies it. Default true.',
    false,
  ),
  answerWithin: duration(10, 600, '5m')
    .optional()
    .describe('After how long an answer of the switch counts as lost. A large replace can take minutes. Default 2m.'),
}

const credential = z.strictObject({
  username: shown(z.string().min(1), 'The user on the switch.', 'eosflow-rw'),
  password: shown(
    z.string().optional(),
    'Where the password is kept. May be absent where a key or a certificate logs in.',
    `\${env:EOSFLOW_RW}`,
  ),
  key: shown(
    z.string().optional(),
    'Where the private key is kept: for SSH, and that of `certificate`.',
    `\${file:/home/eosflow/.ssh/id_ed25519}`,
  ),
  passphrase: shown(
    z.string().optional(),
    'Where the passphrase of `key` is kept, if it has one.',
    `\${env:EOSFLOW_PASSPHRASE}`,
  ),
  agent: shown(
    z
      .union([
        z.literal(true),
        z
          .string()
          .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'SHA256: and 43 characters of base64, as `ssh-add -l` prints it'),
      ])
      .optional(),
    'Keys of the ssh-agent at SSH_AUTH_SOCK log in, for SSH: all of them, or the one with this fingerprint.',
    true,
  ),
  certificate: shown(
    z.string().min(1).optional(),
    'File of the client certificate for eAPI, PEM; the switch takes its common name as the user.',
    'certs/eosflow.pem',
  ),
  enable: shown(z.string().optional(), 'Where the enable secret is kept.', `\${env:EOSFLOW_ENABLE}`),
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

const vars = shown(
  z
    .record(
      z
        .string()
        .regex(
          /^(?!__)[A-Za-z_][A-Za-z0-9_]{0,127}$/,
          'a letter or `_`, then letters, digits and `_`, at most 128, and not `__` first',
        ),
      z.json(),
    )
    .optional(),
  'Variables, which templates read as `device.vars.NAME`. A value is what is written: it is no template.',
  { asn: 65101, ntp: ['192.0.2.1'] },
)

const group = z.strictObject({
  vars,
  children: shown(
    z.array(memberOf).optional(),
    'Groups in it: their switches are in this group too, and their variables are stronger.',
    ['LEAVES'],
  ),
  priority: shown(
    z.int().min(-1_000_000).max(1_000_000).optional(),
    'Among groups of one depth the higher one is stronger, then the later name. Default 1.',
    10,
  ),
  via: viaSetting,
})

const device = z.strictObject({
  lab: z
    .literal(true)
    .optional()
    .describe(
      'A switch of a lab, which nobody needs: `eosflow doctor` may try things on it (`--prove`, `--conformance`).',
    ),
  host: shown(
    z.string().optional(),
    'Address or name of the management interface. May be absent where a source has it.',
    '10.0.0.11',
  ),
  ...connection,
  tags: shown(
    z
      .record(
        z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, `_` and `-`'),
        tagValue,
      )
      .optional(),
    '`role: leaf` is selected by `role:leaf`.',
    { role: 'leaf', mlag: 'pair1' },
  ),
  groups: shown(z.array(memberOf).optional(), 'The groups that it is directly in.', ['LEAVES']),
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
    jumps: shown(
      jumpSettings.default({}),
      'Jump hosts, by a name of your choice: hosts with SSH that lead to switches (`via`).',
      { bastion: { host: '192.0.2.1', credentials: 'jumper' } },
    ),
    groups: shown(
      z.record(groupName, group).default({}),
      'Groups of switches, by name, and what all of a group have. Every switch is in `all`.',
      { DC1: { vars: { ntp: ['192.0.2.1'] }, children: ['LEAVES'] } },
    ),
    sources: sourceSettings.default([]),
    devices: shown(
      z.record(name, device).default({}),
      'The switches, by name. What is said here of a switch goes before what sources and groups say of it.',
      { leaf1: { host: '10.0.0.11' } },
    ),
  })
  .meta({ id: 'inventory', title: 'eosflow inventory' })

export type InventoryFile = z.output<typeof inventorySchema>

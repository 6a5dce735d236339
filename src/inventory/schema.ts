import { z } from 'zod'
import { duration } from '../source/duration.ts'

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, `.`, `_` and `-`, at most 64')
  .refine((text) => !['and', 'or', 'not'].includes(text), 'a word of the selector language')

const tagValue = z
  .union([z.string().regex(/^[^\p{C}]{1,256}$/u, 'one line of plain text'), z.number()])
  .transform(String)

const transport = z.enum(['eapi', 'ssh']).describe('How the switch is spoken to.')

const ssh = z
  .strictObject({
    knownHosts: z
      .string()
      .min(1)
      .optional()
      .describe('File of host keys in the form of OpenSSH. Default `~/.ssh/known_hosts`.')
      .meta({ examples: ['certs/known_hosts'] }),
    hostKey: z
      .union([
        z.enum(['strict', 'tofu']),
        z
          .string()
          .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'SHA256: and 43 characters of base64, as `ssh-keygen -l` prints it'),
      ])
      .optional()
      .describe(
        'The fingerprint of the one key that is accepted; or what happens to a key that the file does not hold: ' +
          '`strict` refuses it, `tofu` (default) asks at a terminal and refuses it elsewhere.',
      )
      .meta({ examples: ['SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'] }),
  })
  .describe('How the host key of the switch is judged: by a file of keys, or by one key.')
  .meta({ examples: [{ knownHosts: 'certs/known_hosts' }] })

const tls = z
  .strictObject({
    ca: z
      .string()
      .min(1)
      .optional()
      .describe('File of the certification authority that signs the switches, PEM.')
      .meta({ examples: ['certs/ca.pem'] }),
    pin: z
      .string()
      .regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, 'sha256/ and 44 characters of base64, the last one =')
      .optional()
      .describe("The certificate's public key, SHA-256 in base64.")
      .meta({ examples: ['sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='] }),
    tofu: z
      .string()
      .min(1)
      .optional()
      .describe('File of keys that were trusted at first sight: asks at a terminal about a key that it does not hold.')
      .meta({ examples: ['certs/known_pins'] }),
    insecure: z
      .literal(true)
      .optional()
      .describe('Accepts any certificate. Needs the operator to allow it at run time as well.'),
  })
  .describe(
    'How the certificate of the switch is judged: by the system (default), one CA, one key, keys met before, or not at all.',
  )
  .meta({ examples: [{ ca: 'certs/ca.pem' }] })

const fallback = z
  .strictObject({
    transport: z.literal('ssh'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .default(22)
      .describe('Default 22.')
      .meta({ examples: [22] }),
  })
  .describe('How a switch of eAPI is read while its eAPI cannot be reached. A change never goes that way.')
  .meta({ examples: [{ transport: 'ssh' }] })

const connection = {
  transport: transport.optional(),
  protocol: z.enum(['http', 'https']).optional().describe('`http` is for simulated switches on loopback only.'),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('Default 443, for http 80, for ssh 22.')
    .meta({ examples: [443] }),
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
  tls: tls.optional(),
  ssh: ssh.optional(),
  fallback: fallback.optional(),
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

const device = z.strictObject({
  lab: z
    .literal(true)
    .optional()
    .describe('A switch of a lab, which nobody needs: `eosflow doctor --prove` may try things on it.'),
  host: z
    .string()
    .describe('Address or name of the management interface.')
    .meta({ examples: ['10.0.0.11'] }),
  ...connection,
  tags: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, `_` and `-`'), tagValue)
    .optional()
    .describe('`role: leaf` is selected by `role:leaf`.')
    .meta({ examples: [{ role: 'leaf', mlag: 'pair1' }] }),
})

/** The shape of `inventory.yaml` (docs/inventory.md). */
export const inventorySchema = z
  .strictObject({
    version: z.literal(1).default(1),
    defaults: z.strictObject(connection).default({}).describe('What every device has unless it says otherwise.'),
    credentials: z.record(name, credential).default({}).describe('Users of the switches, by a name of your choice.'),
    devices: z
      .record(name, device)
      .describe('The switches, by name.')
      .meta({ examples: [{ leaf1: { host: '10.0.0.11' } }] }),
  })
  .meta({ id: 'inventory', title: 'eosflow inventory' })

/** `inventory.yaml` as it is written. */
export type InventoryFile = z.output<typeof inventorySchema>

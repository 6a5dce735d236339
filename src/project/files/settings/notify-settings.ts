import { z } from 'zod'
import { isClear, isOrigin, secretReference } from '../../../change/inventory/switch/secret-settings.ts'
import { NOTIFIED, SEVERITIES } from '../../../model/notice.ts'
import { shown } from '../../../text/source/duration.ts'
import { programCommand, programVariables } from '../../../text/source/program-schema.ts'
import { addressIn } from './audit-settings.ts'

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens')
  .describe('What rules and messages call it.')
const withDiff = z
  .boolean()
  .default(false)
  .describe(
    'Whether it is also sent the plan with its diff, without secrets. Configuration then lies where this target keeps it.',
  )
const ca = z
  .string()
  .min(1)
  .optional()
  .describe('The certificate authority (PEM), relative to the project, instead of those of the system.')

const url = z
  .string()
  .refine(isPostable, {
    error: 'an address is https://, a name, and a path; http:// is for this machine alone',
    params: { code: 'bad-address', hint: 'for example `https://events.example.com/eosflow`' },
  })
  .meta({ examples: ['https://events.example.com/eosflow'] })

const hook = (example: string) =>
  secretReference(example).describe('Where its address is kept: whoever knows it may write there, so it is a secret.')

const mailServer = z
  .string()
  .refine((text) => mailAddress(text) !== undefined, {
    error: 'a mail server is smtps:// or smtp://, a name or address, and a port that is not the usual one',
    params: {
      code: 'bad-mail-server',
      hint: 'for example `smtp://mail.example.com` (STARTTLS is demanded) or `smtps://mail.example.com`',
    },
  })
  .transform((text) => mailAddress(text) ?? { host: '', port: 0, isSecure: true })
  .meta({ examples: ['smtp://mail.example.com'] })

const mailbox = z
  .string()
  .regex(/^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}$/, 'an address of mail, for example `noc@example.com`')

const email = z.strictObject({
  server: mailServer,
  from: mailbox,
  to: z.array(mailbox).min(1).max(50),
  user: z.string().min(1).max(256).optional(),
  password: secretReference(`\${env:EOSFLOW_MAIL_PASSWORD}`)
    .optional()
    .describe('Where the password of the user is kept.'),
  ca,
})

const target = z.union(
  [
    z.strictObject({
      name,
      webhook: url.describe('Where CloudEvents are posted to, signed as Standard Webhooks.'),
      secret: secretReference(`\${env:EOSFLOW_WEBHOOK_SECRET}`).describe(
        'Where the secret is kept that signs them: `whsec_` and base64.',
      ),
      ca,
      withDiff,
    }),
    z.strictObject({ name, slack: hook(`\${env:SLACK_URL}`), withDiff }),
    z.strictObject({ name, teams: hook(`\${env:TEAMS_URL}`), withDiff }),
    z.strictObject({ name, email, withDiff }),
    z.strictObject({
      name,
      exec: shown(
        programCommand('/usr/local/bin/page'),
        'The program and its arguments. A CloudEvent is its input. No shell is used.',
        ['/usr/local/bin/page', '--team', 'network'],
      ),
      env: programVariables,
      withDiff,
    }),
  ],
  'a target has a name and one of webhook:, slack:, teams:, email:, exec:',
)

const rule = z.strictObject({
  events: z.array(z.enum(NOTIFIED)).min(1).optional().describe('Only these events; without it all.'),
  severity: z.enum(SEVERITIES).default('warn').describe('At least as grave as this.'),
  to: z.array(z.string()).min(1).describe('The targets, by name.'),
})

/** `notify:` of `eosflow.yaml`: who hears of what. */
export const notifySettings = z
  .strictObject({
    link: z
      .string()
      .refine(isOrigin, {
        error: 'the address of the control room is scheme, name, and a port that is not the usual one; no path',
        params: { code: 'bad-link', hint: 'for example `https://eosflow.example.com`' },
      })
      .optional()
      .describe('Where links lead to. Default: `server: publicUrl:`.'),
    diskFreeMiB: z
      .int()
      .min(8)
      .default(256)
      .describe('Below how much free space on the disk of the store a notice is opened.'),
    targets: z.array(target).default([]).describe('Who can be sent something.'),
    rules: z
      .array(rule)
      .optional()
      .describe('Who is sent what. Without it every target is sent what is `warn` or graver.'),
  })
  .superRefine((given, { addIssue }) => {
    for (const fault of [...targetFaults(given), ...ruleFaults(given)]) addIssue({ code: 'custom', ...fault })
  })
  .transform(({ rules, ...rest }) => ({
    ...rest,
    rules: rules ?? [{ severity: 'warn' as const, to: rest.targets.map((one) => one.name) }],
  }))

export type NotifySettings = z.output<typeof notifySettings>

export type TargetSettings = NotifySettings['targets'][number]

export interface MailServer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (RFC 8314); else STARTTLS is demanded, except on this machine. */
  readonly isSecure: boolean
}

// The usual ports are those of RFC 8314 and RFC 6409.
function mailAddress(text: string): MailServer | undefined {
  const found = addressIn(text, { smtp: 587, smtps: 465 })
  return found && { host: found.host, port: found.port, isSecure: found.protocol === 'smtps' }
}

interface Fault {
  readonly path: (string | number)[]
  readonly message: string
  readonly params?: { readonly code: string; readonly hint: string }
}

interface Given {
  readonly targets: readonly TargetSettings[]
  readonly rules?: readonly { readonly to: readonly string[] }[] | undefined
}

function targetFaults({ targets, rules }: Given): readonly Fault[] {
  return targets.flatMap((target, index): readonly Fault[] => {
    const { name: own } = target
    const path = ['targets', index, 'name']
    if (targets.findIndex((one) => one.name === own) !== index) return [{ path, message: `${own} is there twice` }]
    const half = 'email' in target && (target.email.user === undefined) !== (target.email.password === undefined)
    const isTold = rules === undefined || rules.some(({ to }) => to.includes(own))
    const ways = { code: 'target-without-rule', hint: `name ${own} under \`to:\` of a rule, or take it out` }
    return [
      ...(half
        ? [
            {
              path: ['targets', index, 'email'],
              message: '`user` and `password` belong together',
              params: { code: 'half-a-login', hint: 'write both, or none' },
            },
          ]
        : []),
      ...(isTold ? [] : [{ path, message: `no rule sends anything to ${own}`, params: ways }]),
    ]
  })
}

function ruleFaults({ targets, rules = [] }: Given): readonly Fault[] {
  const names = targets.map((one) => one.name)
  const hint = names.length === 0 ? 'add it under `targets:`' : `one of ${names.join(', ')}`
  return rules.flatMap(({ to }, index) =>
    to.flatMap((one, place) =>
      names.includes(one)
        ? []
        : [
            {
              path: ['rules', index, 'to', place],
              message: `there is no target ${one}`,
              params: { code: 'unknown-target', hint },
            },
          ],
    ),
  )
}

function isPostable(text: string) {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) return false
  const { username, password, hash } = new URL(text)
  return username === '' && password === '' && hash === '' && !isClear(text)
}

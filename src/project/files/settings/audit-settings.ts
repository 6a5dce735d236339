import { z } from 'zod'

const DEFAULT_PORT = { udp: 514, tcp: 601, tls: 6514 } as const

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens')
  .describe('What commands and messages call it.')
const file = z.string().min(1).describe('A file that is appended to, relative to the project; best on another machine.')
const ca = z
  .string()
  .min(1)
  .optional()
  .describe('The certificate authority (PEM) of a tls address, instead of the system.')
const url = z
  .url({ protocol: /^https?$/, hostname: z.regexes.hostname })
  .describe('Its host must be listed under `http: hosts:`.')

const syslog = z
  .string()
  .refine((text) => syslogAddress(text) !== undefined, {
    error: 'an address of syslog is udp://, tcp:// or tls://, a name or address, and a port that is not the usual one',
    params: { code: 'bad-syslog', hint: 'for example `tls://logs.example.com` or `udp://10.0.0.5:5514`' },
  })
  .transform((text) => syslogAddress(text) ?? { protocol: 'udp' as const, host: '', port: 0 })
  .meta({ examples: ['tls://logs.example.com:6514'] })

const format = z.enum(['jsonl', 'rfc5424', 'cef']).describe('The form of the records.')

const anchor = z.union(
  [z.strictObject({ name, file }), z.strictObject({ name, syslog, ca }), z.strictObject({ name, webhook: url })],
  'an anchor has a name and one of file:, syslog:, webhook:',
)
const sink = z.union(
  [
    z.strictObject({ name, format, file }),
    z.strictObject({ name, format: format.exclude(['jsonl']), syslog, ca }),
    z.strictObject({ name, format: z.literal('otlp'), url }),
  ],
  'a sink has a name, a format, and where it goes: file:, or syslog: for rfc5424 and cef, or url: for otlp',
)

/** `audit:` of `eosflow.yaml`: where checkpoints of the record are kept outside of the store, and where its records are sent. */
export const auditSettings = z
  .strictObject({
    enterprise: z
      .int()
      .positive()
      .default(32473)
      .describe('Your private enterprise number, in structured data of syslog; 32473 is the one for documentation.'),
    anchors: z.array(anchor).default([]).describe('Who keeps signed checkpoints outside of the store.'),
    sinks: z.array(sink).default([]).describe('Where `audit export --to NAME` sends records.'),
  })
  .superRefine(({ anchors, sinks }, { addIssue }) => {
    for (const [list, entries] of Object.entries({ anchors, sinks })) {
      for (const [index, entry] of entries.entries()) {
        if (entries.findIndex((one) => one.name === entry.name) === index) continue
        addIssue({ code: 'custom', path: [list, index, 'name'], message: `${entry.name} is there twice` })
      }
    }
  })

export type AuditSettings = z.output<typeof auditSettings>

export type AnchorSettings = AuditSettings['anchors'][number]

export type SinkSettings = AuditSettings['sinks'][number]

export type SyslogAddress = NonNullable<ReturnType<typeof addressIn<keyof typeof DEFAULT_PORT>>>

// The usual ports are those of RFC 5426, RFC 6587 and RFC 5425.
function syslogAddress(text: string): SyslogAddress | undefined {
  return addressIn(text, DEFAULT_PORT)
}

/** An address `PROTOCOL://HOST:PORT`, by the protocols with their usual ports. */
export function addressIn<Protocol extends string>(
  text: string,
  ports: Readonly<Record<Protocol, number>>,
): { readonly protocol: Protocol; readonly host: string; readonly port: number } | undefined {
  const [, protocol = '', host = '', port] =
    /^([a-z]+):\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  if (!Object.hasOwn(ports, protocol)) return undefined
  const own = protocol as Protocol
  const number = port === undefined ? ports[own] : Number(port)
  if (number < 1 || number > 65_535) return undefined
  return { protocol: own, host: host.replace(/^\[|\]$/g, ''), port: number }
}

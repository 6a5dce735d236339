import { z } from 'zod'
import type { AllowedHost } from '../model/http-port.ts'
import { duration } from '../source/duration-schema.ts'

const url = z
  .string()
  .refine(isAddress, {
    error: 'an address is http or https, a host, and a path if there is one; nothing else',
    params: {
      code: 'bad-address',
      hint: 'for example `https://prometheus.example.com` or `https://mimir.example.com/prometheus`',
    },
  })
  .describe('Where its API is: `/api/v1/query` is put behind it. Its origin must be among `http: hosts:`.')
  .meta({ examples: ['https://prometheus.example.com'] })

const service = z.strictObject({
  url,
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'the name of a header'), z.string().max(4096))
    .default({})
    .describe(
      'Headers of each request, as the tenant or an authorization; secrets as references to where they are kept.',
    )
    .meta({ examples: [{ 'X-Scope-OrgID': 'network' }] }),
  scrape: duration(1, 3600, '15s')
    .default(60)
    .describe('How often the switches are scraped: time between two samples.'),
})

/** `judges:` of `eosflow.yaml`: the monitoring systems that workflows may ask whether a change is good. Without it there is none. */
export const judgeSettings = z.record(
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'small letters, digits and `-`')
    .meta({ examples: ['core'] }),
  service,
)

/** What the settings say of judges, by name. */
export type JudgeSettings = z.output<typeof judgeSettings>

/** Headers that eosflow sets itself. */
const OWN =
  /^(?:host|content-length|content-type|content-digest|transfer-encoding|connection|accept|accept-encoding|user-agent|signature|signature-input|idempotency-key|eosflow-.*)$/i

/** Headers whose value is a secret. */
const SECRET = /^(?:authorization|proxy-authorization|cookie|.*(?:token|secret|password|api-?key).*)$/i

/** What is wrong with judges beside the services that may be asked, each with its path in the settings. */
export function judgeFaults(
  judges: JudgeSettings,
  hosts: readonly AllowedHost[],
): readonly {
  readonly path: readonly string[]
  readonly message: string
  readonly code: string
  readonly hint: string
}[] {
  return Object.entries(judges).flatMap(([name, { url: address, headers }]) => {
    const { origin } = new URL(address)
    const host = hosts.find((one) => one.origin === origin)
    if (host === undefined) {
      const message = `the judge \`${name}\` is at ${origin}, which is not among \`http: hosts:\``
      return [
        { path: [name, 'url'], message, code: 'host-not-allowed', hint: `add it: \`http: { hosts: [${origin}] }\`` },
      ]
    }
    return Object.entries(headers).flatMap(([header, value]) => {
      const path = [name, 'headers', header]
      if (OWN.test(header))
        return [
          { path, message: `eosflow sets the header \`${header}\` itself`, code: 'own-header', hint: 'delete it' },
        ]
      if (SECRET.test(header) && !value.includes('${')) {
        const hint = `write where it is kept (\`\${env:PROMETHEUS_TOKEN}\`), and change the one that was here`
        return [
          { path, message: `the header \`${header}\` holds a secret in clear text`, code: 'clear-text-secret', hint },
        ]
      }
      return [...value.matchAll(/\$\{[^}]*\}/g)]
        .filter(([reference]) => !host.secrets.includes(reference))
        .map(([reference]) => ({
          path,
          message: `${reference} may not be sent to ${origin}`,
          code: 'secret-not-allowed',
          hint: `list it: \`http: { hosts: [{ origin: ${origin}, secrets: ['${reference}'] }] }\``,
        }))
    })
  })
}

function isAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s\\*]+$/.test(text) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return (
    username === '' && password === '' && search === '' && hash === '' && !text.endsWith('?') && !text.endsWith('#')
  )
}

import { z } from 'zod'
import { isClear, isOrigin, originOf } from '../../../change/inventory/switch/origin.ts'
import { secretReference } from '../../../change/inventory/switch/secret-settings.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { AllowedHost } from '../../../model/http-port.ts'
import { once } from '../../../model/once.ts'

const reference = secretReference(`\${env:EOSFLOW_HTTP_KEY}`)

const origin = () =>
  z
    .string()
    .refine(isOrigin, {
      error: 'a host is a scheme, a name or address, and a port that is not the usual one; nothing else',
      params: {
        code: 'bad-host',
        hint: 'for example `https://cmdb.example.com` or `https://tickets.example.com:8443`',
      },
    })
    .meta({ examples: ['https://cmdb.example.com'] })

const ca = () =>
  z
    .string()
    .min(1)
    .describe('The certificate authority (PEM), relative to the project, instead of those of the system.')

const host = () =>
  z.strictObject({
    origin: origin(),
    key: reference.optional().describe('What signs requests to this host, instead of `http: key:`.'),
    ca: ca().optional(),
    secrets: z.array(reference).default([]).describe('The references that headers of a request to this host may hold.'),
  })

/** `http:` of `eosflow.yaml`: which services the task `http` may ask. */
export const httpSettings = once(() =>
  z
    .strictObject({
      hosts: z
        .array(z.union([origin(), host()]))
        .min(1)
        .describe('The services that may be asked: scheme, host and port, exactly.'),
      key: reference.describe('What signs every request; 32 characters or more.'),
      ca: ca().optional(),
    })
    .superRefine(({ hosts }, { addIssue }) => {
      const origins = hosts.map((entry) => originOf(typeof entry === 'string' ? entry : entry.origin))
      for (const [index, entry] of hosts.entries()) {
        const fault = hostFault(entry, origins, index)
        if (fault !== undefined) addIssue({ code: 'custom', path: ['hosts', index], ...fault })
      }
    })
    .transform(({ hosts, key, ca }): { readonly hosts: readonly AllowedHost[] } => ({
      hosts: hosts.map((entry) => {
        const own = typeof entry === 'string' ? { origin: entry, secrets: [] } : entry
        const authority = own.ca ?? ca
        return {
          origin: originOf(own.origin),
          key: own.key ?? key,
          ...definedMembers({ ca: authority }),
          secrets: own.secrets,
        }
      }),
    })),
)

type Host = z.output<ReturnType<typeof host>>

function hostFault(entry: string | Host, origins: readonly string[], index: number) {
  const own = origins[index] ?? ''
  if (origins.indexOf(own) < index) {
    const params = { code: 'host-twice', hint: 'keep one entry for each host' }
    return { message: `${own} is there twice`, params }
  }
  if (typeof entry === 'string' || entry.secrets.length === 0 || !isClear(own)) return undefined
  const params = { code: 'plain-http', hint: 'use https, or take away secrets:' }
  return { message: `plain http to ${own} would send its secrets in clear text`, params }
}

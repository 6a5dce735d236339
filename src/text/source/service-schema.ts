import { z } from 'zod'
import type { AllowedHost } from '../../model/http-port.ts'

/** `hint`: an example. */
export function serviceUrl(hint: string) {
  return z.string().refine(isAddress, {
    error: 'an address is http or https, a host, and a path if there is one; nothing else',
    params: { code: 'bad-address', hint },
  })
}

export const serviceHeaders = z
  .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'the name of a header'), z.string().max(4096))
  .default({})
  .describe('Headers of each request, as the tenant or an authorization; secrets as references to where they are kept.')

const OWN =
  /^(?:host|content-length|content-type|content-digest|transfer-encoding|connection|accept|accept-encoding|user-agent|signature|signature-input|idempotency-key|eosflow-.*)$/i

// Headers whose value is a secret.
const SECRET = /^(?:authorization|proxy-authorization|cookie|.*(?:token|secret|password|api-?key).*)$/i

/** `what`: the service in words. */
export function serviceFaults(
  what: string,
  { url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  hosts: readonly AllowedHost[],
): readonly {
  readonly path: readonly string[]
  readonly message: string
  readonly code: string
  readonly hint: string
}[] {
  const { origin } = new URL(url)
  const host = hosts.find((one) => one.origin === origin)
  if (host === undefined) {
    const message = `${what} is at ${origin}, which is not among \`http: hosts:\``
    return [{ path: ['url'], message, code: 'host-not-allowed', hint: `add it: \`http: { hosts: [${origin}] }\`` }]
  }
  return Object.entries(headers).flatMap(([header, value]) => {
    const path = ['headers', header]
    if (OWN.test(header))
      return [{ path, message: `eosflow sets the header \`${header}\` itself`, code: 'own-header', hint: 'delete it' }]
    if (SECRET.test(header) && !value.includes('${')) {
      const hint = `write where it is kept (\`\${env:SERVICE_TOKEN}\`), and change the one that was here`
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
}

function isAddress(text: string) {
  if (!/^https?:\/\/[^\s\\*]+$/.test(text) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return (
    username === '' && password === '' && search === '' && hash === '' && !text.endsWith('?') && !text.endsWith('#')
  )
}

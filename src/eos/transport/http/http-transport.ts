import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { AllowedHost, HttpPort, HttpRequest } from '../../../model/http-port.ts'
import type { Secret } from '../../../model/secret.ts'
import { VERSION } from '../../../model/version.ts'
import type { TlsMends } from '../eapi/tls-failure.ts'
import { allowedHost, requireAllowedSecret } from './allowed-host.ts'
import { exchange } from './exchange.ts'
import type { ResolveName } from './guarded-lookup.ts'
import { connectService } from './service-socket.ts'

/** How services are reached over HTTP. */
export interface HttpTransportOptions {
  /** Nothing else is ever connected to. */
  readonly hosts: readonly AllowedHost[]
  /** The value behind a reference to a secret. Throws `secret`. */
  readonly resolve: (reference: string) => Promise<Secret>
  /** The text without any value that was resolved. */
  readonly scrub: (text: string) => string
  /** The PEM text behind a `ca`. */
  readonly readCa: (file: string) => Promise<string>
  readonly clock: Pick<Clock, 'now'>
  /** Default: the resolver of the system. */
  readonly resolveName?: ResolveName
}

const SHORTEST_KEY = 32
const REFERENCE = /\$\{[^}]*\}/g

// What a header may hold once its secrets are in it: nothing that ends it.
const FIELD_VALUE = /^[\t\x20-\x7e]*$/

/**
 * Services over HTTP and HTTPS, one connection for each request. There is no proxy, no redirect, no cookie and no
 * repetition here; every request is signed.
 */
export function httpTransport(options: HttpTransportOptions): HttpPort {
  return {
    scrub: options.scrub,
    send: async (request, signal) => {
      const url = new URL(request.url)
      const host = allowedHost(options.hosts, url, request.name)
      const given = await withSecrets(request, host, options)
      const key = await signingKey(host, options)
      const socket = await connected(request, url, host, options, signal)
      const target = url.pathname + url.search
      const { body = '' } = request
      const headers = {
        host: url.host,
        ...given,
        ...(request.body === undefined && request.method !== 'POST'
          ? {}
          : { 'content-length': String(Buffer.byteLength(body)) }),
        'accept-encoding': 'identity',
        'user-agent': `eosflow/${VERSION}`,
        ...signatureHeaders(
          { method: request.method, authority: url.host, target, body, idempotencyKey: given['idempotency-key'] ?? '' },
          key,
          Math.floor(options.clock.now() / 1000),
        ),
      }
      return exchange(socket, { ...request, headers, target }, signal)
    },
  }
}

async function withSecrets(
  { headers, name }: HttpRequest,
  host: AllowedHost,
  { resolve }: HttpTransportOptions,
): Promise<Readonly<Record<string, string>>> {
  const filled: Record<string, string> = {}
  for (const [header, text] of Object.entries(headers)) {
    const values = new Map<string, string>()
    for (const [reference] of text.matchAll(REFERENCE)) {
      requireAllowedSecret(host, reference, name)
      values.set(reference, (await resolve(reference)).reveal())
    }
    filled[header] = text.replaceAll(REFERENCE, (reference) => values.get(reference) ?? '')
    if (FIELD_VALUE.test(filled[header])) continue
    throw new EosflowError('secret', `${name}: the value of ${text} cannot be sent in a header`, {
      hint: 'A header holds one line of printable ASCII characters.',
    })
  }
  return filled
}

async function signingKey({ key, origin }: AllowedHost, { resolve }: HttpTransportOptions) {
  const value = (await resolve(key)).reveal()
  if (value.length >= SHORTEST_KEY) return value
  throw new EosflowError(
    'secret',
    `${key}, which signs requests to ${origin}, is shorter than ${SHORTEST_KEY} characters`,
    {
      hint: 'Make one with: openssl rand -hex 32',
    },
  )
}

async function connected(
  { name, milliseconds }: HttpRequest,
  url: URL,
  { ca: file, origin }: AllowedHost,
  { readCa, resolveName }: HttpTransportOptions,
  signal: AbortSignal,
) {
  const ca = file === undefined || signal.aborted ? {} : { ca: { file, text: await caText(file, origin, readCa) } }
  const resolver = resolveName === undefined ? {} : { resolveName }
  return connectService({ name, url, milliseconds, mends: SERVICE_MENDS, ...ca, ...resolver }, signal)
}

async function caText(file: string, origin: string, readCa: HttpTransportOptions['readCa']) {
  try {
    return await readCa(file)
  } catch (cause) {
    throw new EosflowError('tls', `${origin}: the certificate authority cannot be read from ${file}`, {
      hint: 'Check the path under http: ca: in eosflow.yaml.',
      cause,
    })
  }
}

const RENEW = 'Have the certificate of the service renewed, and compare the clocks of both.'

// What mends a certificate of a service: no key of it can be pinned.
const SERVICE_MENDS: TlsMends = {
  untrusted: 'If an authority of your own signed the certificate, name its file under http: ca: in eosflow.yaml.',
  misnamed: 'Write the origin under http: hosts: in eosflow.yaml as the certificate names it.',
  expired: RENEW,
  'other-key': RENEW,
  handshake: 'The service must offer TLS 1.2 or later.',
  'no-tls': 'Give the port of HTTPS.',
  'wants-certificate': 'eosflow has no client certificate for services: let the service know it by the signature.',
}

interface SignedParts {
  readonly method: string
  readonly authority: string
  readonly target: string
  readonly body: string
  readonly idempotencyKey: string
}

/**
 * The headers that sign a request: HTTP Message Signatures (RFC 9421) with `hmac-sha256` over method, host, path and
 * query, the digest of the body (RFC 9530) and the idempotency key. `seconds` since the epoch bound its replay.
 */
export function signatureHeaders(parts: SignedParts, key: string, seconds: number): Readonly<Record<string, string>> {
  const digest = `sha-256=:${createHash('sha256').update(parts.body).digest('base64')}:`
  const components: readonly (readonly [string, string])[] = [
    ['@method', parts.method],
    ['@authority', parts.authority],
    ['@request-target', parts.target],
    ['content-digest', digest],
    ['idempotency-key', parts.idempotencyKey],
  ]
  const covered = components.map(([name]) => `"${name}"`).join(' ')
  const params = `(${covered});created=${seconds};alg="hmac-sha256"`
  const base = [...components, ['@signature-params', params]].map(([name, value]) => `"${name}": ${value}`).join('\n')
  const signature = createHmac('sha256', key).update(base).digest('base64')
  return {
    'content-digest': digest,
    'signature-input': `eosflow=${params}`,
    signature: `eosflow=:${signature}:`,
  }
}

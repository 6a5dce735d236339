import { createHash, createHmac } from 'node:crypto'
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { type IncomingMessage, request as open } from 'node:http'
import { BlockList, isIPv6, type LookupFunction, type Socket } from 'node:net'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { type AllowedHost, type HttpAnswer, type HttpPort, type HttpRequest, isRead } from '../../../model/http-port.ts'
import type { Secret } from '../../../model/secret.ts'
import { VERSION } from '../../../model/version.ts'
import { reasonOf } from '../connection/reason-of.ts'
import { openSocket, type TlsMends } from '../eapi/open-socket.ts'
import { allowedHost, requireAllowedSecret } from './allowed-host.ts'

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

const CONNECT_MILLISECONDS = 10_000

/** A service that is asked, as whoever asks names it. */
export interface AskedService {
  readonly name: string
  /** The authority that its certificate is trusted by, instead of those of the system. */
  readonly ca?: { readonly file: string; readonly text: string }
  /** How long it may take; never longer than 10 s. */
  readonly milliseconds: number
  readonly resolveName?: ResolveName
}

/** A service that is asked: its address, and the certificates that it is trusted by. */
export interface ServicePlace extends AskedService {
  readonly url: URL
  readonly mends: TlsMends
}

/** Throws `cancelled`, `guard`, `unreachable` or `tls`: nothing was sent. */
export async function connectService(place: ServicePlace, signal: AbortSignal): Promise<Socket> {
  const { name, url, ca, milliseconds, mends, resolveName = lookup } = place
  if (signal.aborted) throw stopped(name)
  const isSecure = url.protocol === 'https:'
  const endpoint = {
    name,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    protocol: isSecure ? ('https' as const) : ('http' as const),
    mends,
    lookup: guardedLookup(resolveName),
    ...(ca === undefined
      ? { tls: { mode: 'system' as const } }
      : { tls: { mode: 'ca' as const, file: ca.file }, ca: ca.text }),
  }
  try {
    return await openSocket(endpoint, Math.min(milliseconds, CONNECT_MILLISECONDS), signal)
  } catch (error) {
    throw signal.aborted ? stopped(name) : notConnected(error)
  }
}

const stopped = (name: string) => new EosflowError('cancelled', `${name}: stopped before it was sent`)

function notConnected(error: unknown) {
  if (!(error instanceof EosflowError)) return error
  const { kind, message, hint } = error
  if (kind === 'tls') return new EosflowError(kind, message, hint === undefined ? {} : { hint })
  if (kind !== 'unreachable') return error
  return new EosflowError(kind, message, {
    retryable: true,
    hint: 'Nothing was sent. Check the address, the route and that the service runs.',
    fault: { name: 'States.Http.Socket', cause: message },
  })
}

const LONGEST_ANSWER = 8 * 2 ** 20

/** A request with the path and query that stand in its first line. */
export interface WireRequest extends HttpRequest {
  readonly target: string
}

/** An answer has at most `longest` bytes. Throws `lost-answer`, `protocol`, or `cancelled` when a read is given up. */
export function exchange(
  socket: Socket,
  wire: WireRequest,
  signal: AbortSignal,
  longest: number = LONGEST_ANSWER,
): Promise<HttpAnswer> {
  const { method, target, headers, body, milliseconds, name } = wire
  return new Promise<HttpAnswer>((resolve, reject) => {
    const request = open({ createConnection: () => socket, method, path: target, headers, setHost: false })
    const over = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      request.destroy()
    }
    const fail = (thrown: Error) => {
      over()
      reject(thrown instanceof EosflowError ? thrown : lostAnswer(wire, reasonOf(thrown)))
    }
    const stop = () => {
      if (isRead(wire)) fail(new EosflowError('cancelled', `${name}: stopped`))
    }
    const timer = setTimeout(
      () => fail(lostAnswer(wire, `no complete answer within ${milliseconds / 1000} s`)),
      milliseconds,
    )
    signal.addEventListener('abort', stop)
    request.on('error', fail)
    request.once('close', () => fail(lostAnswer(wire, 'the connection was closed')))
    request.once('response', (response) => {
      wholeBody(response, wire, longest).then((answer) => {
        over()
        resolve(answer)
      }, fail)
    })
    request.end(body)
  })
}

async function wholeBody(response: IncomingMessage, wire: WireRequest, longest: number): Promise<HttpAnswer> {
  const encoding = response.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    throw badAnswer(wire, `the answer is encoded as ${JSON.stringify(encoding)}, which was not asked for`)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > longest) throw badAnswer(wire, `the answer is longer than ${longest / 2 ** 20} MiB`)
    chunks.push(chunk)
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')])
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) }
}

function lostAnswer(wire: WireRequest, reason: string) {
  const { name } = wire
  const message = `${name}: the request was sent, and its answer did not arrive: ${reason}`
  const onlyRead = isRead(wire)
  return new EosflowError('lost-answer', message, {
    retryable: onlyRead,
    fault: { name: 'States.Http.Socket', cause: message },
    ...(onlyRead ? {} : { hint: 'Whether the service did it is unknown: ask the service before it is sent again.' }),
  })
}

function badAnswer({ name }: WireRequest, reason: string) {
  return new EosflowError('protocol', `${name}: ${reason}`)
}

// Addresses that no name of a service stands for: this machine, this network, link-local ones with the metadata services of clouds among them,
// multicast and broadcast (RFC 6890).
const NOWHERE = new BlockList()
NOWHERE.addSubnet('0.0.0.0', 8, 'ipv4')
NOWHERE.addSubnet('127.0.0.0', 8, 'ipv4')
NOWHERE.addSubnet('169.254.0.0', 16, 'ipv4')
// Metadata services outside of link-local, as their providers document them: Alibaba Cloud, Azure (its host agent), Oracle Cloud,
// Scaleway, Google Cloud, and AWS over IPv6 with its DNS and time beside it.
NOWHERE.addAddress('100.100.100.200', 'ipv4')
NOWHERE.addAddress('168.63.129.16', 'ipv4')
NOWHERE.addSubnet('192.0.0.0', 24, 'ipv4')
NOWHERE.addSubnet('fd00:c1::', 32, 'ipv6')
NOWHERE.addAddress('fd00:42::42', 'ipv6')
NOWHERE.addSubnet('fd20:ce::', 32, 'ipv6')
NOWHERE.addSubnet('fd00:ec2::', 32, 'ipv6')
NOWHERE.addSubnet('224.0.0.0', 3, 'ipv4')
NOWHERE.addSubnet('::', 127, 'ipv6')
NOWHERE.addSubnet('fe80::', 10, 'ipv6')
NOWHERE.addSubnet('ff00::', 8, 'ipv6')

// Ways to write an IPv4 address inside an IPv6 one, beside the mapped form that BlockList knows: NAT64 (RFC 6052) and compatible (RFC 4291).
const CARRIERS: readonly string[] = ['64:ff9b::', '::']

/** Whether an address that a name was resolved to may be connected to; IPv4 inside IPv6 is judged as IPv4. */
export function isService(address: string): boolean {
  if (!isIPv6(address)) return !NOWHERE.check(address, 'ipv4')
  const carried = carriedIpv4(address)
  return !NOWHERE.check(address, 'ipv6') && (carried === undefined || !NOWHERE.check(carried, 'ipv4'))
}

function carriedIpv4(address: string) {
  // A URL writes the address in its shortest form (RFC 5952), whatever form it came in.
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [, carrier = '', high = '', low = ''] = /^(.*::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? []
  if (!CARRIERS.includes(carrier)) return undefined
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [upper >> 8, upper & 255, lower >> 8, lower & 255].join('.')
}

/** Looks up all addresses of a name, as `lookup` of `node:dns` does. */
export type ResolveName = (
  host: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

// Resolves the name of a service, and refuses it with `guard` unless {@link isService} holds for each of its addresses: who answers for the name cannot turn a request to this machine or to a metadata service. The connection uses what was judged here, so that a second answer changes nothing (DNS rebinding).
function guardedLookup(resolve: ResolveName): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '')
      const isMeant = host.toLowerCase() === 'localhost'
      const [first] = found
      if (first === undefined || (!isMeant && !found.every(({ address }) => isService(address)))) {
        return callback(refused(host, found), '')
      }
      return options.all === true ? callback(null, found) : callback(null, first.address, first.family)
    })
  }
}

function refused(host: string, found: readonly LookupAddress[]) {
  const addresses = found.map(({ address }) => address).join(', ')
  const message = `${host} is resolved to ${addresses}, which is no address of a service; nothing was sent`
  return new EosflowError('guard', message, {
    hint: 'If this machine is meant, write its address under http: hosts: in eosflow.yaml.',
    fault: { name: 'States.Permissions', cause: message },
  })
}

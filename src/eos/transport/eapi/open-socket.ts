import { createHash, X509Certificate } from 'node:crypto'
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Secret } from '../../../model/secret.ts'
import type { TlsMode } from '../../device/device.ts'
import type { ConnectMeter, SocketMeter } from '../../device/meter.ts'
import { carriedBy } from '../connection/abandon.ts'
import type { JudgeAnswerer, Way } from '../connection/answerer.ts'
import { holdsCertificate } from '../connection/authority-text.ts'
import { UnknownKeyError } from '../connection/first-sight.ts'
import { isLoopback } from '../connection/loopback.ts'
import { mendOf, reasonOf } from '../connection/reason-of.ts'

type PinVerdict = { readonly verdict: 'known' | 'unknown' } | { readonly verdict: 'changed'; readonly line: number }

export interface ClientIdentity {
  readonly certificate: string
  readonly key: Secret
  readonly passphrase?: Secret
}

export interface Endpoint {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly protocol: 'http' | 'https'
  readonly tls: TlsMode
  readonly ca?: string
  /** The text of the file of known pins as it is now, in mode `tofu`. */
  readonly readPins?: () => Promise<string>
  readonly client?: ClientIdentity
  readonly lookup?: LookupFunction
  readonly mends?: TlsMends
  readonly meter?: SocketMeter
  readonly way?: Way
  readonly judge?: JudgeAnswerer
}

/** Throws `tls` when it has not ({@link UnknownKeyError} when its key is met for the first time), and `unreachable` for every other failure: nothing of a request can have been sent yet. */
export async function openSocket(endpoint: Endpoint, milliseconds: number, closing: AbortSignal): Promise<Socket> {
  if (endpoint.ca !== undefined && !holdsCertificate(endpoint.ca)) throw noAuthority(endpoint)
  const knownPins = endpoint.tls.mode === 'tofu' ? ((await endpoint.readPins?.()) ?? '') : ''
  const secure = endpoint.protocol === 'https'
  const meter = endpoint.meter?.connect()
  const through = await throughHops(endpoint, closing, meter)
  return new Promise((resolve, reject) => {
    const carrier = through ?? connectTcp(tcpOptions(endpoint))
    if (through === undefined) carrier.once('connect', () => meter?.reached(secure ? 'tls' : undefined))
    else meter?.reached('tls')
    const socket = secure ? overTls(carrier, endpoint) : (carrier as Socket)
    let shown: string | undefined
    const settle = (failure: EosflowError | undefined) => {
      clearTimeout(timer)
      closing.removeEventListener('abort', stop)
      socket.removeListener('error', failed)
      meter?.ended(failure?.kind ?? 'ok')
      if (failure === undefined) {
        resolve(socket.setNoDelay(true))
        return
      }
      socket.on('error', () => undefined)
      socket.destroy()
      reject(failure)
    }
    const failed = (error: NodeJS.ErrnoException) => settle(connectFailure(endpoint, error, shown))
    const connected = () => {
      const failure = unproven(socket as TLSSocket, endpoint, knownPins)
      if (failure !== undefined || endpoint.judge === undefined) settle(failure)
      else endpoint.judge({ host: endpoint.host, port: endpoint.port, secure }).then(() => settle(undefined), failed)
    }
    const stop = () => settle(unreachable(endpoint, 'the connection was closed'))
    const late = () => settle(unreachable(endpoint, `no connection within ${milliseconds / 1000} s`))
    const timer = setTimeout(late, milliseconds)
    closing.addEventListener('abort', stop, { once: true })
    socket.once('error', failed)
    // Node forgets the certificate with the socket that it refuses; only before that can the message name its key.
    socket.prependOnceListener('secure', () => {
      const certificate = shownBy(socket as TLSSocket)
      shown = certificate === undefined ? undefined : pinOf(certificate)
    })
    socket.once(secure ? 'secureConnect' : 'connect', connected)
  })
}

// Throws EosflowError.
async function throughHops({ way, ...endpoint }: Endpoint, closing: AbortSignal, meter: ConnectMeter | undefined) {
  if (way === undefined) return undefined
  try {
    if (endpoint.protocol === 'http') throw new EosflowError('bug', `${endpoint.name}: plain http behind a jump host`)
    const carrier = await way.open(endpoint)
    if (!closing.aborted) return carrier
    carrier.destroy()
    throw unreachable(endpoint, 'the connection was closed')
  } catch (thrown) {
    meter?.ended(thrown instanceof EosflowError ? thrown.kind : 'bug')
    throw thrown
  }
}

// TLS over a connection that stays known, so that it can be given up.
function overTls(carrier: Duplex, endpoint: Endpoint) {
  carrier.on('error', () => undefined)
  const socket = connectTls({ ...tlsOptions(endpoint), socket: carrier })
  carriedBy(socket, carrier)
  return socket
}

function noAuthority({ name, tls }: Endpoint) {
  const file = tls.mode === 'ca' && tls.file !== '' ? tls.file : 'the file of the certificate authority'
  return new EosflowError('tls', `${name}: ${file} holds no certificate`, {
    device: name,
    hint: 'It has to be PEM: -----BEGIN CERTIFICATE-----.',
  })
}

function tcpOptions({ host, port, lookup }: Endpoint) {
  return { host, port, ...definedMembers({ lookup }) }
}

// With a pin the chain proves nothing, so that Node is told not to judge it, and `unproven` judges the key instead: a check in
// `checkServerIdentity` would never run there.
function tlsOptions(endpoint: Endpoint): ConnectionOptions {
  const { host, tls, ca, client } = endpoint
  return {
    ...tcpOptions(endpoint),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...definedMembers({ ca }),
    ...(client === undefined ? {} : identityOf(client)),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: tls.mode === 'system' || tls.mode === 'ca',
  }
}

function identityOf({ certificate, key, passphrase }: ClientIdentity): ConnectionOptions {
  return {
    cert: certificate,
    key: key.reveal(),
    ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }),
  }
}

function unproven(socket: TLSSocket, endpoint: Endpoint, knownPins: string) {
  const { protocol, tls } = endpoint
  if (protocol === 'http' || tls.mode === 'insecure') return undefined
  if (tls.mode === 'system' || tls.mode === 'ca') {
    return socket.authorized ? undefined : refused(endpoint, String(socket.authorizationError), undefined)
  }
  const certificate = shownBy(socket)
  if (certificate === undefined) return refused(endpoint, 'it shows none', undefined)
  const pin = pinOf(certificate)
  if (tls.mode === 'tofu') return unknownPin(endpoint, tls.file, pin, knownPins)
  if (isPinned(certificate, tls.sha256)) return undefined
  return otherKey(endpoint, `its key is ${pin}, which is not the pinned one`)
}

function unknownPin(endpoint: Endpoint, file: string, pin: string, knownPins: string) {
  const { name, host, port } = endpoint
  const judged = judgePin(knownPins, pinnedName(host, port), pin)
  if (judged.verdict === 'known') return undefined
  if (judged.verdict === 'changed')
    return otherKey(endpoint, `its key has changed: it is ${pin}, and ${file}:${judged.line} holds another one`)
  const line = `${pinnedName(host, port)} ${pin}`
  const compareWith = 'show management security ssl certificate'
  return new UnknownKeyError(
    {
      device: name,
      who: 'the switch',
      host,
      port,
      transport: 'eapi',
      what: 'certificate key',
      fingerprint: pin,
      file,
      line,
      compareWith,
    },
    `Compare it with the console of the switch (${compareWith}), then run eosflow doctor at a terminal and trust it there, or write it down: echo '${line}' >> ${file}`,
  )
}

const NETWORK = /^(?:ECONN|EHOST|ENET|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EADDR|EACCES|EPERM|EINVAL|EMFILE|ENFILE)/
const HANDSHAKE = /^(?:ERR_SSL_|EPROTO)/

function connectFailure(endpoint: Endpoint, error: NodeJS.ErrnoException, shown: string | undefined) {
  if (error instanceof EosflowError) return error
  const code = error.code ?? ''
  const mends = endpoint.mends ?? SWITCH_MENDS
  if (endpoint.protocol === 'http' || NETWORK.test(code))
    return unreachable(endpoint, reasonOf(error), mendOf(error, isNotStarted(endpoint, code) ? START : CHECK))
  if (wantsClientCertificate(code)) return clientCertificateRefused(code, mends['wants-certificate'])
  if (NO_TLS.test(code)) {
    const says = `what answers at ${endpoint.host} port ${endpoint.port} speaks no TLS (${code})`
    return handshakeFailed(endpoint.name, says, mends['no-tls'])
  }
  if (HANDSHAKE.test(code)) return handshakeFailed(endpoint.name, code, mends.handshake)
  return refused(endpoint, reasonOf(error), shown, code)
}

function refused(endpoint: Endpoint, reason: string, shown: string | undefined, code = reason) {
  const key = shown === undefined ? '' : `; its key is ${shown}`
  const { name, mends = SWITCH_MENDS } = endpoint
  const why = reason
    .replace(OF_NODE, '')
    .trim()
    .replace(/[:;.]+$/, '')
  return certificateRefused(name, `${why}${key}`, mends[certificateFault(code)])
}

// What Node 24 and newer advise behind the words of OpenSSL: a flag that a command of eosflow does not take.
const OF_NODE = /; if the root CA is installed locally, try running Node\.js with --use-system-ca$/

function otherKey({ name, mends = SWITCH_MENDS }: Endpoint, reason: string) {
  return certificateRefused(name, reason, mends['other-key'])
}

function shownBy(socket: TLSSocket) {
  const { raw } = socket.getPeerCertificate() as { readonly raw?: Buffer }
  return raw === undefined ? undefined : new X509Certificate(raw)
}

function isNotStarted({ host, mends }: Endpoint, code: string) {
  return code === 'ECONNREFUSED' && mends === undefined && isLoopback(host)
}

const START =
  'Nothing listens there. Simulated switches answer once they are started: eosflow sim start fabrics/dc1 &\nWhere they run already (eosflow sim status), or this is none: correct its host and port in inventory.yaml.'
const CHECK = 'Check the address, the route, and that eAPI is enabled there (show management api http-commands).'

function unreachable({ name, host, port }: Endpoint, reason: string, hint = CHECK) {
  return new EosflowError('unreachable', `${name}: no connection to ${host} port ${port}: ${reason}`, {
    device: name,
    retryable: true,
    hint,
  })
}

/** The name of a switch in a file of known pins: `[host]:port`, as known_hosts writes it. */
export function pinnedName(host: string, port: number): string {
  return `[${host.toLowerCase()}]:${port}`
}

/**
 * Judges the pin of a certificate by the text of a file of known pins: one `[host]:port sha256/…` a line, `#` before a
 * comment. A switch may have several, as while its key is exchanged.
 */
export function judgePin(knownPins: string, name: string, pin: string): PinVerdict {
  const known = knownPins.split('\n').flatMap((text, index) => {
    const [of = '', written = ''] = text.trim().split(/\s+/)
    return of.toLowerCase() === name && isPin(written) ? [{ line: index + 1, written }] : []
  })
  const [first] = known
  if (first === undefined) return { verdict: 'unknown' }
  if (known.some(({ written }) => written === pin)) return { verdict: 'known' }
  return { verdict: 'changed', line: first.line }
}

// The pin of a certificate: `sha256/` and the base64 digest of its public key (SubjectPublicKeyInfo), as in RFC 7469.
function pinOf(certificate: X509Certificate) {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return `sha256/${createHash('sha256').update(key).digest('base64')}`
}

function isPin(text: string) {
  return /^sha256\/[A-Za-z0-9+/]{43}=$/.test(text)
}

function isPinned(certificate: X509Certificate, pin: string) {
  const written = pin.trim().replace(/^sha256[/:]/i, '')
  const bare = written.replaceAll(':', '')
  const digest = /^[0-9a-f]{64}$/i.test(bare) ? Buffer.from(bare, 'hex') : Buffer.from(written, 'base64')
  return `sha256/${digest.toString('base64')}` === pinOf(certificate)
}

type TlsFault = 'untrusted' | 'misnamed' | 'expired' | 'other-key' | 'handshake' | 'wants-certificate' | 'no-tls'

export type TlsMends = Readonly<Record<TlsFault, string>>

const COMPARE = 'on the console of the switch (show management security ssl certificate)'

/** The default certificate of EOS is self-signed, so `untrusted` is met on day one (docs/eos.md 1.1). */
export const SWITCH_MENDS: TlsMends = {
  untrusted: `Either give the certificate authority that signed it (tls: { ca: FILE }), or compare its key ${COMPARE} and pin it (tls: { pin: sha256/... }).`,
  misnamed:
    'Write the host in the inventory as the certificate names it, have it made for this name (subjectAltName), or pin its key (tls: { pin: sha256/... }).',
  expired:
    'Renew the certificate on the switch (security pki certificate generate) and compare the clocks of both; or pin its key, which does not expire (tls: { pin: sha256/... }).',
  'other-key': `Somebody may be between you and the switch, or its certificate was renewed: compare the key ${COMPARE} before you change what is trusted.`,
  handshake: 'The switch must offer TLS 1.2 or later on this port (management security, ssl profile).',
  'no-tls': 'Give the port of HTTPS (show management api http-commands), or let the switch offer HTTPS on this one.',
  'wants-certificate': `Give the user a client certificate that the switch trusts: certificate: FILE and key: \${file:PATH} under credentials.`,
}

// The fault behind a code of Node or OpenSSL, where a certificate was judged.
function certificateFault(code: string): TlsFault {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'misnamed'
  return code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID' ? 'expired' : 'untrusted'
}

function certificateRefused(device: string, reason: string, hint: string) {
  return new EosflowError('tls', `${device}: the certificate is refused: ${reason}`, { device, hint })
}

function handshakeFailed(device: string, reason: string, hint: string) {
  return new EosflowError('tls', `${device}: the TLS handshake failed: ${reason}`, { device, hint })
}

// The codes of OpenSSL for what is no record of TLS at all, as the answer of plain HTTP or of SSH.
const NO_TLS = /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/

// The alerts by which a server ends a handshake because of our certificate, or because it got none (RFC 8446 6.2). With TLS 1.3 they arrive
// when we hold the handshake to be over and have begun to send; the server has read none of it.
const ABOUT_OUR_CERTIFICATE =
  /^ERR_SSL_(?:TLSV1|TLSV13|SSLV3)_ALERT_(?:CERTIFICATE_\w+|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)$/

export function wantsClientCertificate(code: string): boolean {
  return ABOUT_OUR_CERTIFICATE.test(code)
}

export function clientCertificateRefused(reason: string, hint: string): EosflowError {
  return new EosflowError('tls', `the server wants a client certificate that it trusts: ${reason}`, { hint })
}

import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { TlsMode } from '../../device/transport.ts'
import { EosflowError } from '../../model/error.ts'
import { reasonOf } from '../reason-of.ts'
import { isPinned, pinOf } from './pin.ts'
import { certificateRefused, handshakeFailed } from './tls-failure.ts'

/** Where to connect to and what the other end must prove before it is told anything. */
export interface Endpoint {
  /** The switch's inventory name. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly protocol: 'http' | 'https'
  readonly tls: TlsMode
  /** The PEM text of the certificate authority, in mode `ca`. */
  readonly ca?: string
}

/**
 * A connected socket to a switch that has proven who it is. Throws `tls` when it has not, and `unreachable` for every
 * other failure: nothing of a request can have been sent yet.
 */
export function openSocket(endpoint: Endpoint, milliseconds: number, closing: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secure = endpoint.protocol === 'https'
    const socket = secure ? connectTls(tlsOptions(endpoint)) : connectTcp({ host: endpoint.host, port: endpoint.port })
    const settle = (failure: EosflowError | undefined): void => {
      clearTimeout(timer)
      closing.removeEventListener('abort', stop)
      socket.removeListener('error', failed)
      if (failure === undefined) {
        resolve(socket.setNoDelay(true))
        return
      }
      socket.on('error', () => undefined)
      socket.destroy()
      reject(failure)
    }
    const failed = (error: NodeJS.ErrnoException): void => settle(connectFailure(endpoint, error))
    const stop = (): void => settle(unreachable(endpoint, 'the connection was closed'))
    const late = (): void => settle(unreachable(endpoint, `no connection within ${milliseconds / 1000} s`))
    const timer = setTimeout(late, milliseconds)
    closing.addEventListener('abort', stop, { once: true })
    socket.once('error', failed)
    socket.once(secure ? 'secureConnect' : 'connect', () => settle(unproven(socket as TLSSocket, endpoint)))
  })
}

/**
 * In the modes `system` and `ca` Node itself refuses the certificate before it says that it is connected. With a pin
 * the chain proves nothing, so that Node is told not to judge it, and `unproven` judges the key instead: a check in
 * `checkServerIdentity` would never run there (security 6.1).
 */
function tlsOptions(endpoint: Endpoint) {
  const { host, port, tls, ca } = endpoint
  return {
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: tls.mode === 'system' || tls.mode === 'ca',
  }
}

function unproven(socket: TLSSocket, endpoint: Endpoint): EosflowError | undefined {
  if (endpoint.protocol === 'http' || endpoint.tls.mode === 'insecure') return undefined
  if (endpoint.tls.mode !== 'pin') {
    return socket.authorized ? undefined : certificateRefused(endpoint.name, String(socket.authorizationError))
  }
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return certificateRefused(endpoint.name, 'it shows none')
  if (isPinned(certificate, endpoint.tls.sha256)) return undefined
  return certificateRefused(endpoint.name, `its key is ${pinOf(certificate)}, which is not the pinned one`)
}

/** What the network says, as against what TLS says. */
const NETWORK = /^(?:ECONN|EHOST|ENET|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EADDR|EACCES|EPERM|EINVAL|EMFILE|ENFILE)/
const HANDSHAKE = /^(?:ERR_SSL_|EPROTO)/

function connectFailure(endpoint: Endpoint, error: NodeJS.ErrnoException): EosflowError {
  const code = error.code ?? ''
  if (endpoint.protocol === 'http' || NETWORK.test(code)) return unreachable(endpoint, reasonOf(error))
  if (HANDSHAKE.test(code)) return handshakeFailed(endpoint.name, code)
  return certificateRefused(endpoint.name, reasonOf(error))
}

function unreachable({ name, host, port }: Endpoint, reason: string): EosflowError {
  return new EosflowError('unreachable', `${name}: no connection to ${host} port ${port}: ${reason}`, {
    device: name,
    retryable: true,
    hint: 'Check the address, the route, and that eAPI is enabled there (show management api http-commands).',
  })
}

import { createServer } from 'node:http'
import { constants, createSecureServer, type Http2SecureServer, type SecureServerOptions } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createAdaptorServer, type Http2Bindings, type HttpBindings, type ServerType } from '@hono/node-server'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { ServerTls } from '../../../project/files/server-tls.ts'
import { isLoopback, listenAddress } from '../../../project/files/settings/server-settings.ts'
import { portHolder } from '../../../project/system/machine/port-holder.ts'
import { visibleLine } from '../../../report/text/text.ts'
import { isFrom, type Sender, senderOf } from './sender.ts'

interface ListenOptions {
  readonly listen: string
  readonly trustedProxy?: readonly string[] | undefined
  readonly tls?: ServerTls | undefined
  readonly asksForCertificates?: boolean
  readonly clock: Pick<Clock, 'sleep' | 'now'>
  fetch(request: Request, sender: Sender): Response | Promise<Response>
}

export interface Listener {
  readonly port: number
  /** Throws where the pair is not good. */
  renew(tls: ServerTls): void
  close(): void
}

// A request must have come as a whole in this time, its head in a part of it, in milliseconds: whoever sends slowly holds a connection no
// longer.
const WHOLE_REQUEST = 30_000
const HEAD = 10_000
// Connections that send too slowly are looked for so often: Node's own 30 s would add as much to either time.
const LOOKED_AFTER = 1_000
const MOST_CONNECTIONS = 2_000
// A connection of HTTP/2 over which nobody has asked for anything for so long ends, in milliseconds.
const QUIET = 60_000
// So many requests go over one connection of HTTP/2 at once: a browser has one for all of its tabs.
const AT_ONCE = 200

/** On this machine at both of its addresses: a browser tries `[::1]` first for `localhost`, and who had that port would be given what is meant for this server. Throws `busy` when a port is taken. */
export async function listenAt(listening: ListenOptions): Promise<Listener> {
  const { host, port } = listenAddress(listening.listen)
  const [first, second] = isLoopback(listening.listen) ? ['127.0.0.1', '::1'] : [host]
  const one = await opened(listening, first ?? host, port)
  const servers = [one]
  const found = (one.server.address() as AddressInfo).port
  if (second !== undefined) {
    const beside = await opened(listening, second, found).catch((error: unknown) => {
      if (error instanceof EosflowError && error.kind === 'busy') {
        one.shut()
        throw error
      }
      return undefined
    })
    if (beside !== undefined) servers.push(beside)
  }
  return {
    port: found,
    close: () => {
      for (const { shut } of servers) shut()
    },
    renew: (tls) => {
      for (const { server } of servers) (server as Http2SecureServer).setSecureContext(secured(tls))
    },
  }
}

interface Opened {
  readonly server: ServerType
  shut(): void
}

async function opened(
  { fetch, tls, trustedProxy, clock, asksForCertificates }: ListenOptions,
  host: string,
  port: number,
): Promise<Opened> {
  const answer = (request: Request, { incoming }: HttpBindings | Http2Bindings) =>
    isOfOneName(request)
      ? fetch(request, {
          ...senderOf(incoming.socket.remoteAddress, request.headers, trustedProxy),
          ...certificateOf(incoming.socket, clock.now()),
        })
      : new Response(null, { status: 400 })
  const limits = { requestTimeout: WHOLE_REQUEST, headersTimeout: HEAD, connectionsCheckingInterval: LOOKED_AFTER }
  const server =
    tls === undefined
      ? createAdaptorServer({ fetch: answer, createServer, serverOptions: limits })
      : createAdaptorServer({
          fetch: answer,
          createServer: createSecureServer,
          serverOptions: {
            ...secured(tls),
            ...(asksForCertificates === true ? { requestCert: true, rejectUnauthorized: false } : {}),
            allowHTTP1: true,
            settings: { maxConcurrentStreams: AT_ONCE },
          },
        })
  if (tls !== undefined) limit(server as Http2SecureServer, limits, clock)
  const net = server as Server
  net.maxConnections = MOST_CONNECTIONS
  const sockets = new Set<Socket>()
  net.prependListener('connection', (socket) => {
    if (trustedProxy !== undefined && !isFrom(socket.remoteAddress, trustedProxy)) socket.destroy()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unlistenable(error, host, port)))
    server.listen(port, host, () => resolve())
  })
  const shut = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { server, shut }
}

function certificateOf(socket: object, now: number): Pick<Sender, 'certificate'> {
  if (!('getPeerCertificate' in socket) || typeof socket.getPeerCertificate !== 'function') return {}
  const shown: unknown = socket.getPeerCertificate()
  // It is empty where none was shown.
  const { fingerprint256, valid_from: from, valid_to: to } = (shown ?? {}) as Readonly<Record<string, unknown>>
  if (typeof fingerprint256 !== 'string' || typeof from !== 'string' || typeof to !== 'string') return {}
  if (!(Date.parse(from) <= now && now <= Date.parse(to))) return {}
  return { certificate: fingerprint256.replaceAll(':', '').toLowerCase() }
}

function secured({ certificate, key }: ServerTls): SecureServerOptions {
  return { cert: certificate, key, minVersion: 'TLSv1.2', handshakeTimeout: HEAD }
}

function limit(server: Http2SecureServer, http1: object, clock: ListenOptions['clock']) {
  Object.assign(server, http1)
  server.on('session', (session) => {
    const isQuiet = () => after(clock, QUIET, () => session.close())
    let quiet = isQuiet()
    let open = 0
    session.on('stream', (stream) => {
      quiet.abort()
      open += 1
      const whole = after(clock, WHOLE_REQUEST, () => stream.close(constants.NGHTTP2_CANCEL))
      if (stream.endAfterHeaders) whole.abort()
      stream.once('end', () => whole.abort())
      stream.once('close', () => {
        whole.abort()
        open -= 1
        if (open === 0 && !session.closed) quiet = isQuiet()
      })
    })
    session.once('close', () => quiet.abort())
  })
}

// Does something after so many milliseconds, unless it is aborted before.
function after(clock: ListenOptions['clock'], milliseconds: number, work: () => void) {
  const over = new AbortController()
  clock.sleep(milliseconds, over.signal).then(work, () => undefined)
  return over
}

// HTTP/2 has the name of the server in `:authority`, and may have another one in `Host`: nobody would know which counts (RFC 9113, section
// 8.3.1).
function isOfOneName({ url, headers }: Request) {
  const host = headers.get('host')
  const asked = new URL(url)
  const named = `${asked.protocol}//${host}`
  return host === null || (URL.canParse(named) && new URL(named).host === asked.host)
}

function portHolderWords(port: number) {
  const found = portHolder(port)
  return found === undefined ? 'another process' : `process ${found.pid} (${visibleLine(found.program)})`
}

function unlistenable(error: NodeJS.ErrnoException, host: string, port: number) {
  const { code = 'unknown' } = error
  const isTaken = code === 'EADDRINUSE'
  const message = isTaken
    ? `${portHolderWords(port)} listens on ${host} port ${port}`
    : `${host} port ${port} cannot be listened on (${code})`
  return new EosflowError(isTaken ? 'busy' : 'refused', message, {
    hint: `${isTaken ? 'End it, or name' : 'Name'} another port: \`server: { listen: 127.0.0.1:${port + 1} }\` in eosflow.yaml.`,
    cause: error,
  })
}

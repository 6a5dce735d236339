import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { createServer as createNetServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { SIMULATOR_PATH } from '../../../model/simulator.ts'
import type { Identity } from '../listener/authority.ts'
import { type LoopbackHost, SwitchListener } from '../listener/switch-listener.ts'
import { httpsOn } from '../switch/http-commands.ts'
import { type AnswerBody, gathered, lengthOf, SMALL } from './answer-body.ts'
import type { EapiChannel } from './channel.ts'

const BODY_LIMIT = 64 * 1024 * 1024

export interface ListenerAddress {
  readonly host: string
  readonly port: number
}

export interface ListenerOptions {
  readonly host?: LoopbackHost
  readonly port?: number
  readonly tls?: { readonly identity: () => Identity; readonly clientAuthorities: readonly string[] }
  readonly whose?: () => string
}

/** While the switch cannot be reached the port is closed, so that a connection is refused as it is by a switch whose eAPI is off; afterwards it opens again on the same number. */
export function eapiHttpServer(
  channel: EapiChannel,
  clock: Clock,
  { host, port = 0, tls, whose }: ListenerOptions = {},
): SwitchListener {
  const { device } = channel.service
  const secure = tls !== undefined
  const options = { keepAliveTimeout: 60_000 }
  const refused = (socket: Socket) => {
    device.counters.connections += 1
    const isRefused = !device.takesLogins || (secure && device.faults.breaksTls(device.now))
    if (isRefused) socket.destroy()
    return isRefused
  }
  const served = (request: IncomingMessage, response: ServerResponse) => {
    void serve(request, response)
  }
  const listener = new SwitchListener({
    ...(secure ? lazyTlsServer({ ...options, ...tls }, served, refused) : plainServer(options, served, refused)),
    ...definedMembers({ host }),
    port,
    device,
    clock,
    wanted: () => channel.reachable && (!secure || device.options.managementOutside || httpsOn(device.running)),
  })
  return listener

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (whose !== undefined && request.url === SIMULATOR_PATH) {
      device.counters.connections -= 1
      response.writeHead(200, { 'content-type': 'application/json' }).end(`${whose()}\n`)
      return
    }
    try {
      const { authorization, cookie } = request.headers
      const exchange = await channel.exchange({
        method: request.method ?? 'GET',
        path: (request.url ?? '/').split('?', 1)[0] ?? '/',
        headers: { authorization, cookie },
        body: await bodyOf(request),
        from: listener.address.host,
        ...definedMembers({
          port: request.socket.remotePort,
          certificate: secure ? certificateOf(request) : undefined,
        }),
      })
      if (exchange === 'lost') cut(request)
      else {
        const { status, headers, body } = exchange
        response.writeHead(status, { ...headers, 'content-length': lengthOf(body) })
        send(response, gathered(body))
      }
    } catch {
      request.socket.destroy()
    }
    if (!listener.settled) await listener.follow()
  }
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void

interface Cuttable {
  readonly server: Server
  readonly cutAll: () => void
}

function plainServer(
  options: { readonly keepAliveTimeout: number },
  serve: Serve,
  refused: (socket: Socket) => boolean,
): Cuttable {
  const server = createServer(options, serve)
  server.on('connection', refused)
  return { server, cutAll: () => server.closeAllConnections() }
}

type TlsSettings = { readonly keepAliveTimeout: number } & NonNullable<ListenerOptions['tls']>

// TLS is set up when somebody first connects: it is most of what a listener takes, and most are never asked.
function lazyTlsServer(settings: TlsSettings, serve: Serve, refused: (socket: Socket) => boolean): Cuttable {
  let secure: TlsServer | undefined
  const open = new Set<Socket>()
  const made = () => {
    const { keepAliveTimeout, identity, clientAuthorities } = settings
    const ca = [...clientAuthorities]
    return createTlsServer({ keepAliveTimeout, ...identity(), ca, requestCert: true, rejectUnauthorized: false }, serve)
  }
  const server = createNetServer((socket) => {
    if (refused(socket)) return
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    secure ??= made()
    secure.emit('connection', socket)
  })
  return {
    server,
    cutAll: () => {
      for (const socket of open) socket.destroy()
    },
  }
}

function send(response: ServerResponse, pieces: AnswerBody) {
  const last = pieces.at(-1)
  for (const piece of pieces.slice(0, -1)) response.write(piece)
  if (pieces.length === 1 && last !== undefined && last.length <= SMALL) response.end(last.toString('latin1'), 'latin1')
  else response.end(last)
}

function cut({ socket }: IncomingMessage) {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

function certificateOf({ socket }: IncomingMessage) {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const name = socket.getPeerCertificate().subject?.CN
  return typeof name === 'string' && name !== '' ? name : undefined
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > BODY_LIMIT) reject(new RangeError('the request is too long'))
    })
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString('utf8') ?? ''))
    // Also where the connection is closed.
    request.on('error', reject)
  })
}

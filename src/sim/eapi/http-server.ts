import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Clock } from '../../model/clock.ts'
import { SwitchListener } from '../listener/switch-listener.ts'
import { httpsOn } from '../switch/http-commands.ts'
import type { Identity } from '../tls/authority.ts'
import { gathered, lengthOf } from './answer-body.ts'
import type { EapiChannel } from './channel.ts'

const HOST = '127.0.0.1'
/** A whole candidate of a large switch is a few megabytes. */
const BODY_LIMIT = 64 * 1024 * 1024

/** Where a listener is. */
export interface ListenerAddress {
  readonly host: string
  readonly port: number
}

/** How a listener speaks. */
export interface ListenerOptions {
  /** Default: any port that is free. */
  readonly port?: number
  /** Speaks TLS as this identity, and asks for client certificates of these authorities. Without it plain HTTP. */
  readonly tls?: { readonly identity: Identity; readonly clientAuthorities: readonly string[] }
}

/**
 * An HTTP or HTTPS listener of one switch, on loopback. While the switch cannot be reached the port is closed, so that a
 * connection is refused as it is by a switch whose eAPI is off; afterwards it opens again on the same number.
 */
export class EapiHttpServer {
  readonly #channel: EapiChannel
  readonly #secure: boolean
  readonly #listener: SwitchListener

  constructor(channel: EapiChannel, clock: Clock, { port = 0, tls }: ListenerOptions = {}) {
    this.#channel = channel
    this.#secure = tls !== undefined
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#serve(request, response)
    }
    const options = { keepAliveTimeout: 60_000 }
    const server: Server =
      tls === undefined
        ? createServer(options, serve)
        : createTlsServer(
            {
              ...options,
              ...tls.identity,
              ca: [...tls.clientAuthorities],
              requestCert: true,
              rejectUnauthorized: false,
            },
            serve,
          )
    const { device } = channel.service
    server.on('connection', (socket: Socket) => {
      device.counters.connections += 1
      if (!device.takesLogins || (this.#secure && device.faults.breaksTls(device.now))) socket.destroy()
    })
    this.#listener = new SwitchListener({
      server,
      port,
      device,
      clock,
      wanted: () => this.#wanted,
      cutAll: () => server.closeAllConnections(),
    })
  }

  /** Where it listens. */
  get address(): ListenerAddress {
    return this.#listener.address
  }

  /** As {@link SwitchListener.open}. */
  get open(): boolean {
    return this.#listener.open
  }

  /** As {@link SwitchListener.start}. */
  start(): Promise<void> {
    return this.#listener.start()
  }

  /** As {@link SwitchListener.follow}. */
  follow(): Promise<void> {
    return this.#listener.follow()
  }

  /** As {@link SwitchListener.stop}. */
  stop(): Promise<void> {
    return this.#listener.stop()
  }

  /** The listener of a switch that is managed outside of its configuration answers whatever that says. */
  get #wanted(): boolean {
    const { device } = this.#channel.service
    if (!this.#channel.reachable) return false
    return !this.#secure || device.options.managementOutside || httpsOn(device.running)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { authorization, cookie } = request.headers
      const port = request.socket.remotePort
      const certificate = certificateOf(request)
      const exchange = await this.#channel.exchange({
        method: request.method ?? 'GET',
        path: (request.url ?? '/').split('?', 1)[0] ?? '/',
        headers: { authorization, cookie },
        body: await bodyOf(request),
        from: HOST,
        ...(port === undefined ? {} : { port }),
        ...(certificate === undefined ? {} : { certificate }),
      })
      if (exchange === 'lost') cut(request)
      else {
        const { status, headers, body } = exchange
        response.writeHead(status, { ...headers, 'content-length': lengthOf(body) })
        for (const piece of gathered(body)) response.write(piece)
        response.end()
      }
    } catch {
      request.socket.destroy()
    }
    if (!this.#listener.settled) await this.follow()
  }
}

/** Over TLS there is no reset to send, and the missing end of its dialogue says the same. */
function cut({ socket }: IncomingMessage): void {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

/** The common name of the client certificate of a connection, where an authority that is trusted signed it. */
function certificateOf({ socket }: IncomingMessage): string | undefined {
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
    request.once('end', () =>
      resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString('utf8') ?? ''),
    )
    request.once('error', reject)
    request.once('close', () => reject(new Error('the connection was closed')))
  })
}

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../model/clock.ts'
import type { EapiChannel } from './channel.ts'

const HOST = '127.0.0.1'
/** Another program may hold the port for a moment when it opens again. */
const RETRY_EVERY = 50
const TRIES = 100

/** Where a listener is. */
export interface ListenerAddress {
  readonly host: string
  readonly port: number
}

/**
 * The HTTP listener of one switch, on loopback. While the switch cannot be reached the port is closed, so that a
 * connection is refused as it is by a switch whose eAPI is off; afterwards it opens again on the same number.
 */
export class EapiHttpServer {
  readonly #channel: EapiChannel
  readonly #server: Server
  #port: number
  #open = false
  #changing: Promise<void> = Promise.resolve()
  #stopped = false
  #wake = new AbortController()
  readonly #clock: Clock

  constructor(channel: EapiChannel, clock: Clock, port = 0) {
    this.#channel = channel
    this.#clock = clock
    this.#port = port
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      void this.#serve(request, response)
    })
    this.#server.on('connection', () => {
      channel.service.device.counters.connections += 1
    })
  }

  get address(): ListenerAddress {
    return { host: HOST, port: this.#port }
  }

  /** Opens the port once, to learn its number, and then only while the switch can be reached. */
  async start(): Promise<void> {
    await this.#listen(1)
    await this.follow()
  }

  /** Opens or closes the port as the switch can be reached or not, and comes back when that may change by itself. */
  follow(): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      if (this.#stopped) return
      const wanted = this.#channel.reachable
      if (wanted && !this.#open) await this.#listen(TRIES)
      if (!wanted && this.#open) await this.#shut()
      this.#sleep()
    })
    return this.#changing
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake.abort()
    await this.#changing
    if (this.#open) await this.#shut()
  }

  #sleep(): void {
    this.#wake.abort()
    const { nextWake, now } = this.#channel.service.device
    if (nextWake === undefined) return
    this.#wake = new AbortController()
    this.#clock.sleep(nextWake - now, this.#wake.signal).then(
      () => this.follow(),
      () => undefined,
    )
  }

  async #listen(tries: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await listening(this.#server, this.#port)
        break
      } catch (error) {
        if (attempt === tries) throw error
        await pause(RETRY_EVERY)
      }
    }
    this.#port = (this.#server.address() as AddressInfo).port
    this.#open = true
  }

  async #shut(): Promise<void> {
    this.#open = false
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const exchange = await this.#channel.exchange({
        method: request.method ?? 'GET',
        path: (request.url ?? '/').split('?', 1)[0] ?? '/',
        headers: { authorization: request.headers.authorization, cookie: request.headers.cookie },
        body: await bodyOf(request),
        from: HOST,
      })
      if (exchange === 'lost') request.socket.resetAndDestroy()
      else response.writeHead(exchange.status, withLength(exchange.headers, exchange.body)).end(exchange.body)
    } catch {
      request.socket.destroy()
    }
    await this.follow()
  }
}

function withLength(headers: Readonly<Record<string, string>>, body: string): Record<string, string> {
  return { ...headers, 'content-length': String(Buffer.byteLength(body)) }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

async function listening(server: Server, port: number): Promise<void> {
  server.listen(port, HOST)
  await once(server, 'listening')
}

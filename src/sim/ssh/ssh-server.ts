import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { HostKey } from './host-key.ts'
import type { TerminalService } from './service.ts'
import { serveConnection } from './ssh-connection.ts'

const HOST = '127.0.0.1'
/** Another program may hold the port for a moment when it opens again. */
const RETRY_EVERY = 50
const TRIES = 100

/**
 * The SSH listener of one switch, on loopback. While the switch cannot be reached over SSH the port is closed and
 * connections are reset; afterwards it opens again on the same number. It follows the switch by itself, whoever changes it.
 */
export class SshServer {
  readonly hostKey: HostKey
  readonly #service: TerminalService
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #unwatch: () => void
  #port: number
  #open = false
  #stopped = false
  #changing: Promise<void> = Promise.resolve()
  #wake = new AbortController()
  #wakesAt: number | undefined

  /** `port` 0 is any that is free. */
  constructor(service: TerminalService, hostKey: HostKey, port = 0) {
    this.hostKey = hostKey
    this.#service = service
    this.#port = port
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
    this.#unwatch = service.device.watch(() => void this.follow())
  }

  /** Where it listens. */
  get address(): { readonly host: string; readonly port: number } {
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
      const { device } = this.#service
      device.settle()
      const wanted = device.sshReachable
      if (wanted && !this.#open) await this.#listen(TRIES)
      if (!wanted && this.#open) await this.#shut()
      this.#sleep()
    })
    return this.#changing
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#unwatch()
    this.#wake.abort()
    await this.#changing
    if (this.#open) await this.#shut()
  }

  #accept(socket: Socket): void {
    this.#service.device.counters.connections += 1
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serveConnection(this.#service, this.hostKey, socket)
  }

  #sleep(): void {
    const { nextWake, now } = this.#service.device
    if (nextWake === this.#wakesAt && nextWake !== undefined) return
    this.#wake.abort()
    this.#wakesAt = nextWake
    if (nextWake === undefined) return
    this.#wake = new AbortController()
    this.#service.clock.sleep(nextWake - now, this.#wake.signal).then(
      () => this.follow(),
      () => undefined,
    )
  }

  async #listen(tries: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#server.listen(this.#port, HOST)
        await once(this.#server, 'listening')
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
    for (const socket of this.#sockets) socket.resetAndDestroy()
    await closed
  }
}

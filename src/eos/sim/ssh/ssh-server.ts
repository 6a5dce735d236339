import { createServer, type Socket } from 'node:net'
import { SIMULATOR_PATH } from '../../../model/simulator.ts'
import { type LoopbackHost, SwitchListener } from '../listener/switch-listener.ts'
import type { HostKey } from './host-key.ts'
import type { TerminalService } from './service.ts'
import { serveConnection } from './ssh-connection.ts'

export interface SshListenerOptions {
  readonly host?: LoopbackHost
  readonly port?: number
  readonly whose?: () => string
}

const ASKED = `GET ${SIMULATOR_PATH} `

/** The SSH listener of one switch, on loopback. While the switch cannot be reached over SSH the port is closed and connections are reset; afterwards it opens again on the same number. */
export class SshServer {
  readonly hostKey: HostKey
  readonly #service: TerminalService
  readonly #listener: SwitchListener
  readonly #sockets = new Set<Socket>()
  readonly #unwatch: () => void
  readonly #whose: (() => string) | undefined

  constructor(service: TerminalService, hostKey: HostKey, { port = 0, whose, ...at }: SshListenerOptions = {}) {
    const { device, clock } = service
    this.#whose = whose
    this.hostKey = hostKey
    this.#service = service
    this.#listener = new SwitchListener({
      server: createServer({ noDelay: true }, (socket) => this.#accept(socket)),
      ...at,
      port,
      device,
      clock,
      wanted: () => {
        device.settle()
        return device.sshReachable
      },
      cutAll: () => {
        for (const socket of this.#sockets) socket.resetAndDestroy()
      },
    })
    this.#unwatch = device.watch(() => void this.follow())
  }

  get address(): { readonly host: string; readonly port: number } {
    return this.#listener.address
  }

  get open(): boolean {
    return this.#listener.open
  }

  start(): Promise<void> {
    return this.#listener.start()
  }

  follow(): Promise<void> {
    return this.#listener.follow()
  }

  stop(): Promise<void> {
    this.#unwatch()
    return this.#listener.stop()
  }

  #accept(socket: Socket): void {
    this.#service.device.counters.connections += 1
    if (!this.#service.device.takesLogins) {
      socket.destroy()
      return
    }
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.once('data', (first) => {
      if (this.#whose === undefined || !first.toString('latin1').startsWith(ASKED)) return
      this.#service.device.counters.connections -= 1
      socket.end(`${this.#whose()}\n`)
    })
    serveConnection(this.#service, this.hostKey, socket)
  }
}

import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../../model/clock.ts'
import type { Switch } from '../switch/switch.ts'

/** An address of this machine: simulated switches answer nobody else. */
export type LoopbackHost = '127.0.0.1' | '::1'

/** Another program may hold the port when it opens again, for as long as a connection of it lasts: it is tried so often, in milliseconds. */
const RETRY_EVERY = 50

/** What a listener needs to know of the server it opens and closes. */
export interface SwitchListenerOptions {
  readonly server: Server
  /** Default 127.0.0.1. */
  readonly host?: LoopbackHost
  /** 0 is any that is free. */
  readonly port: number
  readonly device: Switch
  readonly clock: Clock
  /** Whether the switch can be reached here now. */
  readonly wanted: () => boolean
  /** Cuts every connection. */
  readonly cutAll: () => void
}

/**
 * The port of one server of a switch, on loopback: open while the switch can be reached there, closed with its
 * connections cut while it cannot, and open again on the same number. It comes back by itself when a timer of the switch
 * may change that.
 */
export class SwitchListener {
  readonly #listening: SwitchListenerOptions
  readonly #host: LoopbackHost
  #port: number
  #open = false
  #stopped = false
  #changing: Promise<void> = Promise.resolve()
  #wake = new AbortController()
  #wakesAt: number | undefined

  constructor(listening: SwitchListenerOptions) {
    this.#listening = listening
    this.#host = listening.host ?? '127.0.0.1'
    this.#port = listening.port
  }

  /** Where it listens. */
  get address(): { readonly host: LoopbackHost; readonly port: number } {
    return { host: this.#host, port: this.#port }
  }

  /** Whether somebody who connects now is answered. */
  get open(): boolean {
    return this.#open
  }

  /** Whether {@link follow} would change nothing. */
  get settled(): boolean {
    return this.#listening.wanted() === this.#open && this.#listening.device.nextWake === this.#wakesAt
  }

  /** Opens the port once, to learn its number, and then only while the switch can be reached. */
  async start(): Promise<void> {
    await this.#listen()
    await this.follow()
  }

  /** Opens or closes the port as the switch can be reached or not, and comes back when that may change by itself. */
  follow(): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      if (this.#stopped) return
      const wanted = this.#listening.wanted()
      if (wanted && !this.#open) await this.#reopen()
      if (!wanted && this.#open) await this.#shut()
      this.#sleep()
    })
    return this.#changing
  }

  /** Closes the port for good. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake.abort()
    await this.#changing
    if (this.#open) await this.#shut()
  }

  #sleep(): void {
    const { device, clock } = this.#listening
    const { nextWake, now } = device
    if (nextWake !== undefined && nextWake === this.#wakesAt) return
    this.#wake.abort()
    this.#wakesAt = nextWake
    if (nextWake === undefined) return
    this.#wake = new AbortController()
    clock.sleep(nextWake - now, this.#wake.signal).then(
      () => this.follow(),
      () => undefined,
    )
  }

  /** Opens the port on its number as soon as nobody else holds it, unless the switch is not to be reached by then. */
  async #reopen(): Promise<void> {
    while (!this.#stopped && this.#listening.wanted()) {
      try {
        return await this.#listen()
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
        await pause(RETRY_EVERY)
      }
    }
  }

  /** Opens the port. Throws what the system says against it. */
  async #listen(): Promise<void> {
    const { server } = this.#listening
    server.listen(this.#port, this.#host)
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
    this.#open = true
  }

  async #shut(): Promise<void> {
    const { server, cutAll } = this.#listening
    this.#open = false
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    cutAll()
    await closed
  }
}

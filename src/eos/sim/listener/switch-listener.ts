import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../../model/clock.ts'
import type { Switch } from '../switch/switch.ts'

export type LoopbackHost = '127.0.0.1' | '::1'

// Another program may hold the port when it opens again, for as long as a connection of it lasts: it is tried so often, in milliseconds.
const RETRY_EVERY = 50

export interface SwitchListenerOptions {
  readonly server: Server
  readonly host?: LoopbackHost
  readonly port: number
  readonly device: Switch
  readonly clock: Clock
  readonly wanted: () => boolean
  readonly cutAll: () => void
  /** Whether it follows each change of the switch; others follow when they are asked to. */
  readonly watches?: boolean
}

export class SwitchListener {
  readonly #listening: SwitchListenerOptions
  readonly #host: LoopbackHost
  #port: number
  #open = false
  #stopped = false
  #changing = Promise.resolve()
  #wake = new AbortController()
  #wakesAt: number | undefined
  readonly #unwatch: (() => void) | undefined

  constructor(listening: SwitchListenerOptions) {
    this.#listening = listening
    if (listening.watches) this.#unwatch = listening.device.watch(() => void this.follow())
    this.#host = listening.host ?? '127.0.0.1'
    this.#port = listening.port
  }

  get address(): { readonly host: LoopbackHost; readonly port: number } {
    return { host: this.#host, port: this.#port }
  }

  get open(): boolean {
    return this.#open
  }

  get settled(): boolean {
    return this.#listening.wanted() === this.#open && this.#listening.device.nextWake === this.#wakesAt
  }

  async start(): Promise<void> {
    await this.#listen()
    await this.follow()
  }

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

  async stop(): Promise<void> {
    this.#unwatch?.()
    this.#stopped = true
    this.#wake.abort()
    await this.#changing
    if (this.#open) await this.#shut()
  }

  #sleep() {
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

  // Opens the port on its number as soon as nobody else holds it, unless the switch is not to be reached by then.
  async #reopen() {
    while (!this.#stopped && this.#listening.wanted()) {
      try {
        return await this.#listen()
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
        await pause(RETRY_EVERY)
      }
    }
  }

  // Throws what the system says against it.
  async #listen() {
    const { server } = this.#listening
    server.listen(this.#port, this.#host)
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
    this.#open = true
  }

  async #shut() {
    const { server, cutAll } = this.#listening
    this.#open = false
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    cutAll()
    await closed
  }
}

import { Agent } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Endpoint, openSocket } from './open-socket.ts'

/**
 * Keeps the one connection to a switch. A request gets its socket only after the other end has proven who it is, so
 * not a byte of it, and no password, reaches anything else.
 */
export class SwitchAgent extends Agent {
  readonly #endpoint: Endpoint
  readonly #connectMilliseconds: number
  readonly #closing = new AbortController()

  constructor(endpoint: Endpoint, connectMilliseconds: number) {
    super({ keepAlive: true, maxSockets: 1 })
    this.#endpoint = endpoint
    this.#connectMilliseconds = connectMilliseconds
  }

  override createConnection(_options: object, callback: (error: Error | null, socket: Duplex) => void): undefined {
    openSocket(this.#endpoint, this.#connectMilliseconds, this.#closing.signal).then(
      (socket) => callback(null, socket),
      // Node's types ask for a socket beside an error, and Node looks at none.
      (failure) => (callback as (error: Error) => void)(failure),
    )
  }

  /** Drops the connection, or the attempt at one. */
  override destroy(): void {
    this.#closing.abort()
    super.destroy()
  }
}

import { Agent } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { abandon } from '../connection/abandon.ts'
import { type TrustAtFirstSight, withFirstSight } from '../connection/first-sight.ts'
import { type Endpoint, openSocket } from './open-socket.ts'

const CLOSED = 'closed'

/**
 * Keeps the one connection to a switch. A request gets its socket only after the other end has proven who it is, so
 * not a byte of it, and no password, reaches anything else.
 */
export class SwitchAgent extends Agent {
  readonly #endpoint: Endpoint
  readonly #connectMilliseconds: number
  readonly #trust: TrustAtFirstSight | undefined
  readonly #closing = new AbortController()

  constructor(endpoint: Endpoint, connectMilliseconds: number, trust?: TrustAtFirstSight) {
    super({ keepAlive: true, maxSockets: 1 })
    this.#endpoint = endpoint
    this.#connectMilliseconds = connectMilliseconds
    this.#trust = trust
  }

  override createConnection(_options: object, callback: (error: Error | null, socket: Duplex) => void): undefined {
    const connect = (): Promise<Socket> => openSocket(this.#endpoint, this.#connectMilliseconds, this.#closing.signal)
    withFirstSight(connect, this.#trust).then(
      (socket) => callback(null, socket),
      // Node's types ask for a socket beside an error, and Node looks at none.
      (failure) => (callback as (error: Error) => void)(failure),
    )
  }

  /** Drops the connection, or the attempt at one. A request that is under way is given up: what the kernel still has of it never arrives. */
  override destroy(): void {
    // Nobody asks for the reason, and to make an error of it takes longer than all else here.
    this.#closing.abort(CLOSED)
    for (const socket of Object.values(this.sockets).flat()) if (socket !== undefined) abandon(socket)
    super.destroy()
  }
}

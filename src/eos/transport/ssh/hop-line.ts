import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { messageOf } from '../../../model/error.ts'
import { type Hop, HopError } from '../../device/device.ts'
import { abandon, whenAbandoned } from '../connection/abandon.ts'
import { loggedIn, type SshLogin } from './log-in.ts'

// So long a jump host may take to say that it has heard everything, milliseconds.
const HEARD_WITHIN = 3000

// RFC 4254 5.1: SSH_OPEN_ADMINISTRATIVELY_PROHIBITED.
const PROHIBITED = 1

export interface Destination {
  readonly host: string
  readonly port: number
}

export class HopLine {
  readonly #hop: Hop
  readonly #client: Client
  readonly #carrier: Duplex
  readonly #milliseconds: number

  private constructor(hop: Hop, client: Client, carrier: Duplex, milliseconds: number) {
    this.#hop = hop
    this.#client = client
    this.#carrier = carrier
    this.#milliseconds = milliseconds
    // Each connection that is about to be made listens for the end.
    client.setMaxListeners(0)
    // What fails here ends every connection through it, and each of them says so.
    client.on('error', () => abandon(carrier))
    client.once('close', () => carrier.destroy())
  }

  /** Throws as {@link loggedIn}. */
  static async over(hop: Hop, carrier: Duplex, login: SshLogin): Promise<HopLine> {
    try {
      return new HopLine(hop, await loggedIn(login, carrier), carrier, login.connectMilliseconds)
    } catch (thrown) {
      abandon(carrier)
      throw thrown
    }
  }

  whenOver(act: () => void): void {
    this.#client.once('close', act)
  }

  /** A connection through the jump host (`direct-tcpip`, RFC 4254 7.2). Throws {@link HopError} `unreachable`. */
  open(to: Destination): Promise<Duplex> {
    const { host, port } = to
    return new Promise((resolve, reject) => {
      let isSettled = false
      const fail = (reason: string, code?: unknown) => {
        if (isSettled) return
        isSettled = true
        clearTimeout(timer)
        this.#client.off('close', ended)
        reject(noWay(this.#hop, to, reason, code))
      }
      const late = () => fail(`no connection within ${this.#milliseconds / 1000} s`)
      const ended = () => fail('the jump host closed the connection')
      const timer = setTimeout(late, this.#milliseconds)
      this.#client.once('close', ended)
      try {
        this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
          if (error !== undefined) {
            fail(
              error.message.replace('(SSH) Channel open failure: ', ''),
              'reason' in error ? error.reason : undefined,
            )
            return
          }
          if (isSettled) {
            channel.destroy()
            return
          }
          isSettled = true
          clearTimeout(timer)
          this.#client.off('close', ended)
          readToItsEnd(channel)
          endsWithTheOtherEnd(channel)
          whenAbandoned(channel, () => this.#requireHeard())
          resolve(channel)
        })
      } catch (error) {
        fail(messageOf(error))
      }
    })
  }

  close(): void {
    this.#client.end()
    this.#client.destroy()
  }

  // Any request with an answer does, also one that is refused (RFC 4254 4).
  #requireHeard() {
    const reset = () => abandon(this.#carrier)
    const timer = setTimeout(reset, HEARD_WITHIN)
    this.#client.once('close', () => clearTimeout(timer))
    try {
      this.#client.unforwardIn('127.0.0.1', 0, () => clearTimeout(timer))
    } catch {
      clearTimeout(timer)
      reset()
    }
  }
}

function readToItsEnd(channel: ClientChannel) {
  const { destroy } = channel
  channel.destroy = () => {
    destroy.call(channel)
    return channel.resume()
  }
  channel.on('error', () => undefined)
}

// What dies behind a jump host ends one direction there: sshd sends the end (SSH_MSG_CHANNEL_EOF, RFC 4254 5.3) and waits for ours.
function endsWithTheOtherEnd(channel: ClientChannel) {
  channel.once('end', () => channel.end())
}

function noWay({ name }: Hop, { host, port }: Destination, reason: string, code: unknown) {
  const message = `the jump host ${name} does not reach ${host} port ${port}: ${reason}`
  const hint =
    code === PROHIBITED
      ? 'Let its sshd forward there (AllowTcpForwarding, PermitOpen, and the options of the key in authorized_keys).'
      : 'Check that address and port as the jump host knows them, and the route from there.'
  return new HopError({ hop: name, isPassed: true }, { kind: 'unreachable', message }, { retryable: true, hint })
}

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import type { Random } from '../model/random.ts'

const GOOD_FOR = 15 * 60_000
/** Another link at the earliest after so long: whoever can reach the port can ask for one, and only the terminal shows it. */
const REST = 10_000

/**
 * How the local user logs in where the settings name no identity provider: with a link that only the terminal of the server shows. It is
 * good once, for 15 minutes. Every user of the machine reaches a port of it, so the port alone says nothing about who asks.
 */
export class OneTimeLink {
  readonly #clock: Pick<Clock, 'now'>
  readonly #random: Pick<Random, 'hex'>
  readonly #show: (path: string) => void
  #current: { readonly digest: Buffer; readonly made: number } | undefined

  /** `show` puts the path of a link where only the local user sees it. */
  constructor(clock: Pick<Clock, 'now'>, random: Pick<Random, 'hex'>, show: (path: string) => void) {
    this.#clock = clock
    this.#random = random
    this.#show = show
  }

  /** Shows a new link; the one before is good no more. False when one was shown a moment ago. */
  renew(): boolean {
    const now = this.#clock.now()
    if (this.#current !== undefined && now - this.#current.made < REST) return false
    const secret = this.#random.hex(32)
    this.#current = { digest: digestOf(secret), made: now }
    this.#show(`/login?link=${secret}`)
    return true
  }

  /** Whether this is the secret of the link that is good now. It is good no more then. */
  take(secret: string): boolean {
    const current = this.#current
    if (current === undefined || this.#clock.now() - current.made >= GOOD_FOR) return false
    if (!timingSafeEqual(digestOf(secret), current.digest)) return false
    this.#current = undefined
    return true
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

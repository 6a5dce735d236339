import type { WebLogin } from '../identity/web-login.ts'
import type { Clock } from '../model/clock.ts'
import { EosflowError } from '../model/error.ts'
import type { Principal } from '../model/principal.ts'
import type { Random } from '../model/random.ts'

const TEN_MINUTES = 600_000
/** More than are sent in ten minutes by strangers (src/server/allowance.ts): they push nobody out who is on the way. */
const MOST = 2_000

/** A browser that was sent to an identity provider, and why: to log in, or to log in again for one decision. */
export interface SentTo {
  readonly login: WebLogin
  readonly decision?: {
    readonly principal: Principal
    readonly challenge: string
    readonly plan: string
    readonly session: string
  }
}

/** The browsers that are on their way to a provider: each comes back once, within ten minutes. Kept in memory, because each holds a secret. */
export class SentBrowsers {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #random: Pick<Random, 'hex'>
  readonly #kept = new Map<string, SentTo & { readonly ends: number }>()

  constructor(clock: Pick<Clock, 'monotonic'>, random: Pick<Random, 'hex'>) {
    this.#clock = clock
    this.#random = random
  }

  /** Keeps one. Gives its id, which only the browser has. */
  send(sent: SentTo): string {
    const now = this.#clock.monotonic()
    for (const [id, { ends }] of this.#kept) if (ends <= now) this.#kept.delete(id)
    const [oldest = ''] = this.#kept.keys()
    if (this.#kept.size >= MOST) this.#kept.delete(oldest)
    const id = this.#random.hex(32)
    this.#kept.set(id, { ...sent, ends: now + TEN_MINUTES })
    return id
  }

  /** Whoever has come back: it is forgotten then, whatever comes of it. Throws `stale` for any other. */
  back(id: string): SentTo {
    const found = this.#kept.get(id)
    this.#kept.delete(id)
    if (found !== undefined && found.ends > this.#clock.monotonic()) return found
    throw new EosflowError('stale', 'this login was not begun here, or ten minutes ago', { hint: 'Log in again.' })
  }
}

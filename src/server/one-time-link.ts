import { createHash, timingSafeEqual } from 'node:crypto'
import type { Notes } from '../journal/notes.ts'
import type { Clock } from '../model/clock.ts'
import type { Random } from '../model/random.ts'

const GOOD_FOR = 15 * 60_000
/** Another link at the earliest after so long: whoever can reach the port can ask for one, and only the terminal shows it. */
const REST = 10_000
/** So many links are good at once. When all of them are, the terminal has shown enough to choose from. */
const MOST = 10

/** How the local user logs in by a link that a terminal shows. */
export interface LinkDoor {
  /** Shows a new link. False when one was shown a moment ago, and while ten are good that nobody has used. */
  renew(): boolean | Promise<boolean>
  /** Whether this is the secret of a link that is good. It is good no more then. */
  take(secret: string): boolean | Promise<boolean>
}

/**
 * How the local user logs in where the settings name no identity provider: with a link that only the terminal of the server shows. Each is
 * good once, for 15 minutes, also behind another one: whoever else on the machine asks for links spoils none. Every user of the machine
 * reaches a port of it, so the port alone says nothing about who asks.
 */
export class OneTimeLink implements LinkDoor {
  readonly #clock: Pick<Clock, 'now'>
  readonly #random: Pick<Random, 'hex'>
  readonly #show: (path: string) => void
  /** Those that are good, the oldest first. */
  #good: readonly { readonly digest: Buffer; readonly made: number }[] = []
  #shown = Number.NEGATIVE_INFINITY

  /** `show` puts the path of a link where only the local user sees it. */
  constructor(clock: Pick<Clock, 'now'>, random: Pick<Random, 'hex'>, show: (path: string) => void) {
    this.#clock = clock
    this.#random = random
    this.#show = show
  }

  /** Shows a new link. False when one was shown a moment ago, and while ten are good that nobody has used. */
  renew(): boolean {
    const now = this.#clock.now()
    this.#forgetOld(now)
    if (now - this.#shown < REST || this.#good.length >= MOST) return false
    const secret = this.#random.hex(32)
    this.#good = [...this.#good, { digest: digestOf(secret), made: now }]
    this.#shown = now
    this.#show(`/login?link=${secret}`)
    return true
  }

  /** Whether this is the secret of a link that is good. It is good no more then. */
  take(secret: string): boolean {
    this.#forgetOld(this.#clock.now())
    const digest = digestOf(secret)
    const left = this.#good.filter((one) => !timingSafeEqual(digest, one.digest))
    const isGood = left.length < this.#good.length
    this.#good = left
    return isGood
  }

  #forgetOld(now: number): void {
    this.#good = this.#good.filter(({ made }) => now - made < GOOD_FOR)
  }
}

const KIND = 'link'

/** The same for all servers of a store: each shows its links in its own terminal, and whichever is asked takes them. Of two that take one at once, one does. */
export class StoredLink implements LinkDoor {
  readonly #notes: Notes
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #random: Pick<Random, 'hex'>
  readonly #show: (path: string) => void
  #shown = Number.NEGATIVE_INFINITY

  /** `show` puts the path of a link where only the local user sees it. */
  constructor(
    notes: Notes,
    clock: Pick<Clock, 'monotonic'>,
    random: Pick<Random, 'hex'>,
    show: (path: string) => void,
  ) {
    this.#notes = notes
    this.#clock = clock
    this.#random = random
    this.#show = show
  }

  async renew(): Promise<boolean> {
    const now = this.#clock.monotonic()
    if (now - this.#shown < REST) return false
    this.#shown = now
    if ((await this.#notes.all(KIND)).length >= MOST) return false
    const secret = this.#random.hex(32)
    await this.#notes.put(KIND, digestOf(secret).toString('hex'), '', { lasts: GOOD_FOR })
    this.#show(`/login?link=${secret}`)
    return true
  }

  async take(secret: string): Promise<boolean> {
    return (await this.#notes.take(KIND, digestOf(secret).toString('hex'))) !== undefined
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

import { createHash } from 'node:crypto'
import type { Notes } from '../../../change/record/store/notes.ts'
import type { Clock } from '../../../model/clock.ts'
import type { Random } from '../../../model/random.ts'

const GOOD_FOR = 15 * 60_000
/** Another link at the earliest after so long: whoever can reach the port can ask for one, and only the terminal shows it. */
const REST = 10_000
/** So many links are good at once. When all of them are, the terminal has shown enough to choose from. */
const MOST = 10

/** The kind of the notes that links are. */
export const LINKS = 'link'

/**
 * How the local user logs in where the settings name no identity provider: with a link that only the terminal of a server shows. Each is good once, for 15
 * minutes, at any server of the store, also behind another one: whoever else on the machine asks for links spoils none. Every user of the machine reaches a
 * port of it, so the port alone says nothing about who asks.
 */
export class OneTimeLink {
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

  /** Shows a new link. False when one was shown a moment ago, and while ten are good that nobody has used. */
  async renew(): Promise<boolean> {
    const now = this.#clock.monotonic()
    if (now - this.#shown < REST) return false
    this.#shown = now
    if ((await this.#notes.all(LINKS)).length >= MOST) return false
    const secret = this.#random.hex(32)
    await this.#notes.put(LINKS, digestOf(secret), '', { lasts: GOOD_FOR })
    this.#show(`/login?link=${secret}`)
    return true
  }

  /** Whether this is the secret of a link that is good. It is good no more then. */
  async take(secret: string): Promise<boolean> {
    return (await this.#notes.take(LINKS, digestOf(secret))) !== undefined
  }
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

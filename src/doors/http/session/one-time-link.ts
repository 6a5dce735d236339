import type { Notes } from '../../../change/record/store/notes.ts'
import type { Clock, Random } from '../../../model/clock.ts'
import { digestOf } from './sessions.ts'

const GOOD_FOR = 15 * 60_000
// Another link at the earliest after so long: whoever can reach the port can ask for one, and only the terminal shows it.
const REST = 10_000
// So many links are good at once.
const MOST = 10

export const LINKS = 'link'

/** Each is good once, for 15 minutes, at any server of the store, also behind another one: whoever else on the machine asks for links spoils none. */
export class OneTimeLink {
  readonly #notes: Notes
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #random: Pick<Random, 'hex'>
  readonly #show: (path: string) => void
  #shown = Number.NEGATIVE_INFINITY

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
    if ((await this.#notes.all(LINKS)).length >= MOST) return false
    const secret = this.#random.hex(32)
    await this.#notes.put(LINKS, digestOf(secret), '', { lasts: GOOD_FOR })
    this.#show(`/login?link=${secret}`)
    return true
  }

  async take(secret: string): Promise<boolean> {
    return (await this.#notes.take(LINKS, digestOf(secret))) !== undefined
  }
}

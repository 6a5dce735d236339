import { type RequestRefusal, refusalOf } from '../request/readable.ts'

// After so many seconds one of what is held may be over.
const AGAIN = 5

/** How many of something each holds at once: whoever has the most is refused one more, and takes nothing from others. */
export class ConcurrencyLimit {
  readonly #most: number
  readonly #what: string
  readonly #held = new Map<string, number>()

  constructor(most: number, what: string) {
    this.#most = most
    this.#what = what
  }

  /** Throws `too-many`, with the time to wait. */
  take(holder: string): () => void {
    const held = this.#held.get(holder) ?? 0
    if (held >= this.#most) throw tooMany(this.#most, this.#what, AGAIN)
    this.#held.set(holder, held + 1)
    let isHeld = true
    return () => {
      if (isHeld) this.#giveBack(holder)
      isHeld = false
    }
  }

  /** Throws as {@link take} does, and what it throws. */
  async while<T>(holder: string, work: () => Promise<T>): Promise<T> {
    const giveBack = this.take(holder)
    try {
      return await work()
    } finally {
      giveBack()
    }
  }

  #giveBack(holder: string) {
    const left = (this.#held.get(holder) ?? 1) - 1
    if (left === 0) this.#held.delete(holder)
    else this.#held.set(holder, left)
  }
}

/** The refusal of whoever asks for more than they may have, with the time after which they ask again (RFC 6585, section 4). */
export function tooMany(most: number, what: string, seconds: number): RequestRefusal {
  return refusalOf('too-many', `more than ${most} ${what}`, `Ask again in ${seconds} s.`, {
    'retry-after': String(seconds),
  })
}

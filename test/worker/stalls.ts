/** How often it looks at the clock, in milliseconds. */
const EVERY = 20

/** When this process was held up: what it has carried meanwhile it has found only later. */
export class Stalls {
  readonly #found: { readonly from: number; readonly to: number }[] = []
  readonly #timer: NodeJS.Timeout

  constructor() {
    let before = Date.now()
    this.#timer = setInterval(() => {
      const now = Date.now()
      if (now - before > 2 * EVERY) this.#found.push({ from: before + EVERY, to: now })
      before = now
    }, EVERY)
    this.#timer.unref()
  }

  /** For how many milliseconds of this time, both since the epoch, it was held up. */
  within(from: number, to: number): number {
    const parts = this.#found.map((one) => Math.min(one.to, to) - Math.max(one.from, from))
    return parts.filter((length) => length > 0).reduce((sum, length) => sum + length, 0)
  }

  end(): void {
    clearInterval(this.#timer)
  }
}

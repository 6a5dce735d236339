import type { Denial, Denials } from '../app/policy/denial.ts'
import type { Clock } from '../model/clock.ts'
import { identityOf } from '../model/principal.ts'

/** So many denials of one principal are put on record in one minute as they come. */
const MOST = 20
const MINUTE = 60_000

/** What became of the denials of one principal in a minute. */
interface Window {
  count: number
  /** How many were left out since, and the newest of them. */
  left: number
  last: Denial | undefined
}

/** Where denials go, each with how many before it are not there. */
export type WriteDenial = (denial: Denial, leftOut: number) => Promise<void>

/**
 * Denials as they go on record for a server: whoever asks again and again for what they may not have does not fill it. Beyond twenty in a
 * minute the newest one is put there when the minute is over, with the number of those that are left out.
 */
export class BoundedDenials implements Denials {
  readonly #clock: Pick<Clock, 'sleep'>
  readonly #write: WriteDenial
  readonly #failed: (what: string, error: unknown) => void
  readonly #windows = new Map<string, Window>()
  readonly #over = new AbortController()
  readonly #waiting = new Set<Promise<void>>()

  /** `failed` hears of what could not be put on record when a minute was over. */
  constructor(clock: Pick<Clock, 'sleep'>, write: WriteDenial, failed: (what: string, error: unknown) => void) {
    this.#clock = clock
    this.#write = write
    this.#failed = failed
  }

  /** Puts one on record, now or with others. `leftOut`: how many before it were left out elsewhere. Throws as the record does. */
  async put(denial: Denial, leftOut = 0): Promise<void> {
    const name = identityOf(denial.principal)
    const known = this.#windows.get(name)
    const window = known ?? { count: 0, left: 0, last: undefined }
    if (known === undefined) this.#open(name, window)
    window.count += 1
    if (window.count <= MOST) return this.#write(denial, leftOut)
    window.left += 1 + leftOut
    window.last = denial
  }

  /** Puts what was left out on record at once. */
  async close(): Promise<void> {
    this.#over.abort()
    await Promise.all(this.#waiting)
  }

  #open(name: string, window: Window): void {
    this.#windows.set(name, window)
    const done: Promise<void> = this.#clock
      .sleep(MINUTE, this.#over.signal)
      .catch(() => undefined)
      .then(() => this.#end(name, window))
      .catch((error: unknown) => this.#failed('AccessDenied', error))
      .finally(() => this.#waiting.delete(done))
    this.#waiting.add(done)
  }

  async #end(name: string, { last, left }: Window): Promise<void> {
    this.#windows.delete(name)
    if (last !== undefined) await this.#write(last, left - 1)
  }
}

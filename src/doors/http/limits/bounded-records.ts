import { setMaxListeners } from 'node:events'
import type { Clock } from '../../../model/clock.ts'
import { identityOf } from '../../../model/principal.ts'
import type { Denial, Denials } from '../../../project/app/app.ts'

// So many records about one name are written in one minute as they come.
const MOST = 20
const MINUTE = 60_000
// So many names are told apart in a minute; those beyond count as one.
const NAMES = 1_000

// What became of the records about one name in a minute.
interface Window<T> {
  count: number
  // How many were left out since, and the newest of them.
  left: number
  last: T | undefined
}

interface BoundedRecordsOptions<T> {
  readonly clock: Pick<Clock, 'sleep'>
  readonly write: (record: T, leftOut: number) => Promise<void>
  // Hears of what could not be written when a minute was over; `what` names the records.
  readonly failed: (what: string, error: unknown) => void
  readonly what: string
  nameOf(record: T): string
}

/** Beyond twenty in a minute of one name the newest one is put there when the minute is over, with the number of those that are left out. */
export class BoundedRecords<T> {
  readonly #bounding: BoundedRecordsOptions<T>
  readonly #windows = new Map<string, Window<T>>()
  readonly #over = new AbortController()
  readonly #waiting = new Set<Promise<void>>()

  constructor(bounding: BoundedRecordsOptions<T>) {
    this.#bounding = bounding
    // Every name has a minute that listens for it.
    setMaxListeners(0, this.#over.signal)
  }

  /** Throws as the record does. */
  async put(record: T, leftOut = 0): Promise<void> {
    const own = this.#bounding.nameOf(record)
    const name = this.#windows.has(own) || this.#windows.size < NAMES ? own : ''
    const known = this.#windows.get(name)
    const window = known ?? { count: 0, left: 0, last: undefined }
    if (known === undefined) this.#open(name, window)
    window.count += 1
    if (window.count <= MOST) return this.#bounding.write(record, leftOut)
    window.left += 1 + leftOut
    window.last = record
  }

  async close(): Promise<void> {
    this.#over.abort()
    await Promise.all(this.#waiting)
  }

  #open(name: string, window: Window<T>) {
    const { clock, failed, what } = this.#bounding
    this.#windows.set(name, window)
    const done = clock
      .sleep(MINUTE, this.#over.signal)
      .catch(() => undefined)
      .then(() => this.#end(name, window))
      .catch((error: unknown) => failed(what, error))
      .finally(() => this.#waiting.delete(done))
    this.#waiting.add(done)
  }

  async #end(name: string, { last, left }: Window<T>) {
    this.#windows.delete(name)
    if (last !== undefined) await this.#bounding.write(last, left - 1)
  }
}

type WriteDenial = (denial: Denial, leftOut: number) => Promise<void>

/** Denials as they go on record for a server: whoever asks again and again for what they may not have does not fill it. */
export class BoundedDenials extends BoundedRecords<Denial> implements Denials {
  /** `failed` hears of what could not be put on record when a minute was over. */
  constructor(clock: Pick<Clock, 'sleep'>, write: WriteDenial, failed: (what: string, error: unknown) => void) {
    super({ clock, write, failed, what: 'AccessDenied', nameOf: ({ principal }) => identityOf(principal) })
  }
}

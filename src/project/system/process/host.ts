import type { CommitTurn } from '../../../change/record/sqlite/group-commit.ts'
import type { Hint } from '../../../model/error.ts'
import type { Secret } from '../../../model/secret.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import type { Feature } from '../feature/feature.ts'
import type { Seams } from './seams.ts'

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Learns every secret that is resolved: files, records and whatever else leaves go through it. */
  readonly scrubber: Scrubber
  words(hint: Hint): string
  /** The passwords that a person has typed for this process, by the name of the credential, which has neither a password nor a key. */
  readonly typedPasswords?: ReadonlyMap<string, Secret>
  readonly seams?: Seams
  readonly features: readonly Feature[]
}

export type WordedHost = Pick<Host, 'words'>

/**
 * One reading for all that ask about the same in one turn of the loop, which begins behind the question of each; without a turn one for each. `of` says what
 * somebody asks about.
 */
export function sharedInTurn<Asked, T>(
  turn: CommitTurn | undefined,
  of: (asked: Asked) => string,
  read: (asked: Asked) => Promise<T>,
): (asked: Asked) => Promise<T> {
  if (turn === undefined) return read
  const readings = new Map<string, Promise<T>>()
  return (asked) => {
    const key = of(asked)
    const known = readings.get(key)
    if (known !== undefined) return known
    const reading = new Promise<void>((resolve) => turn(resolve)).then(() => {
      readings.delete(key)
      return read(asked)
    })
    readings.set(key, reading)
    return reading
  }
}

interface Waiting {
  readonly place: number
  readonly begin: () => void
}

export class Turns {
  #free: number
  readonly #waiting: Waiting[] = []

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  begin(place: number, stop: AbortSignal): Promise<(() => void) | undefined> {
    if (stop.aborted) return Promise.resolve(undefined)
    const over = () => this.#next()
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve(over)
    }
    return new Promise((resolve) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(own), 1)
        resolve(undefined)
      }
      const own: Waiting = {
        place,
        begin: () => {
          stop.removeEventListener('abort', leave)
          resolve(over)
        },
      }
      // Most come in the order of their places.
      this.#waiting.splice(this.#waiting.findLastIndex((one) => one.place < place) + 1, 0, own)
      stop.addEventListener('abort', leave, { once: true })
    })
  }

  #next() {
    const first = this.#waiting.shift()
    if (first === undefined) this.#free += 1
    else first.begin()
  }
}

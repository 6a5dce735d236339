import type { Notes } from '../journal/notes.ts'
import type { Clock } from '../model/clock.ts'
import type { RehearsalOfPlan } from './rehearsals.ts'

const KIND = 'rehearsal'
/** How far one is is written so often, in milliseconds. */
const PROGRESS = 1_000
/** One that says no more how far it is has gone with its server, in milliseconds. */
const SILENT = 120_000
const LASTS = 24 * 3_600_000

/** Where rehearsals are kept for all servers of a store. */
export interface StoredRehearsalsParts {
  readonly notes: Notes
  readonly clock: Pick<Clock, 'monotonic'>
  /** So many are kept. */
  readonly most: number
  scrub(text: string): string
  failed(what: string, error: unknown): void
}

/** The rehearsals of all servers of a store: whoever has begun one, each server says how far it is and what it has found. */
export class StoredRehearsals {
  readonly #parts: StoredRehearsalsParts
  readonly #written = new Map<string, number>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: StoredRehearsalsParts) {
    this.#parts = parts
  }

  /** Keeps one, in the order in which it is said. One that cannot be kept is known to its own server alone. */
  keep(one: RehearsalOfPlan): void {
    const { notes, clock, most, scrub, failed } = this.#parts
    const isUnderWay = one.standing === 'running'
    const last = this.#written.get(one.plan) ?? Number.NEGATIVE_INFINITY
    if (isUnderWay && one.of > 0 && clock.monotonic() - last < PROGRESS) return
    if (isUnderWay) this.#written.set(one.plan, clock.monotonic())
    else this.#written.delete(one.plan)
    const text = scrub(JSON.stringify({ version: 1, ...one }))
    this.#last = this.#last
      .then(() => notes.set(KIND, one.plan, text, { lasts: isUnderWay ? SILENT : LASTS, most }))
      .catch((error: unknown) => failed('rehearsal', error))
  }

  /** The one of a plan; undefined where there is none, or it is of another version. */
  async of(plan: string): Promise<RehearsalOfPlan | undefined> {
    const note = await this.#parts.notes.read(KIND, plan)
    if (note === undefined) return undefined
    const { version, ...one } = JSON.parse(note.text) as RehearsalOfPlan & { readonly version: number }
    return version === 1 ? one : undefined
  }
}

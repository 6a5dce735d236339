import type { Claim, Claims } from '../../change/record/store/claims.ts'
import type { Clock } from '../../model/clock.ts'

/** How often another process is asked whether it is done with a schedule, and how long it is waited in between, in milliseconds. */
const TRIES = 40
const AGAIN = 50
/** So often where it is on record that an occurrence runs: who looks at a claim has it for a moment, and is no process that runs one. */
const TRIES_WHILE_RUN = 3

/** What schedules are held with. */
export interface HeldParts {
  readonly claims: Claims
  readonly clock: Pick<Clock, 'sleep'>
  /** The occurrences that this process runs, by the names of their schedules. */
  readonly running: ReadonlyMap<string, Promise<void>>
  /** Whether it is on record that an occurrence of a schedule has begun, and not how it has ended. */
  isRunning(name: string): Promise<boolean>
}

/** What came of work about a schedule, and whether an occurrence keeps the claim. */
export interface WorkEnd<T> {
  readonly value: T
  readonly isKept: boolean
}

/** The claims of schedules: of all processes of a store one at a time decides about a schedule, or runs an occurrence of it. */
export class HeldSchedules {
  readonly #parts: HeldParts

  constructor(parts: HeldParts) {
    this.#parts = parts
  }

  /** Does something about a schedule while no other process does; without the claim where an occurrence runs, or another process has it for long. */
  async while<T>(name: string, work: (claim: Claim | undefined) => Promise<WorkEnd<T>>): Promise<T> {
    const claim = await this.#claimed(name)
    let isKept = false
    try {
      const held = await work(claim)
      isKept = held.isKept
      return held.value
    } finally {
      if (!isKept) await claim?.release()
    }
  }

  async #claimed(name: string): Promise<Claim | undefined> {
    const { claims, clock, running, isRunning } = this.#parts
    for (let tries = 1; ; tries += 1) {
      const own = running.get(name)
      if (own !== undefined) {
        if (await isRunning(name)) return undefined
        // Its end is on record, and the claim is given up right behind that.
        await own
      }
      const claim = await claims.claim(`schedule-${name}`)
      if (await claim.renew()) return claim
      await claim.release()
      if (tries >= TRIES || (tries >= TRIES_WHILE_RUN && (await isRunning(name)))) return undefined
      await clock.sleep(AGAIN)
    }
  }
}

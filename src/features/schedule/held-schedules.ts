import type { Claim, Claims } from '../../change/record/store/claims.ts'
import type { Clock } from '../../model/clock.ts'

// How often another process is asked whether it is done with a schedule, and how long it is waited in between, in milliseconds.
const TRIES = 40
const AGAIN = 50
const TRIES_WHILE_RUN = 3

export interface HeldParts {
  readonly claims: Claims
  readonly clock: Pick<Clock, 'sleep'>
  readonly running: ReadonlyMap<string, Promise<void>>
  isRunning(name: string): Promise<boolean>
}

export interface WorkEnd<T> {
  readonly value: T
  readonly isKept: boolean
}

export class HeldSchedules {
  readonly #parts: HeldParts

  constructor(parts: HeldParts) {
    this.#parts = parts
  }

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

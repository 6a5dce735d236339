import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Questions } from './database.ts'

/** By how many milliseconds a machine's clock may differ from that of the server before it writes nothing. */
export const MOST_OFFSET = 2_000
const EVERY = 60_000

export class ServerClock {
  readonly #questions: Questions
  readonly #clock: Clock
  #offset = 0
  #measured: number | undefined

  constructor(questions: Questions, clock: Clock) {
    this.#questions = questions
    this.#clock = clock
  }

  /** What the server's clock says, milliseconds since the epoch, as it was measured last. */
  now(): number {
    return this.#clock.now() + this.#offset
  }

  /** How far the server's clock is ahead, in milliseconds. Throws `store`. */
  async measure(): Promise<number> {
    const before = this.#clock.now()
    const asked = await this.#questions.one<{ at: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at',
    )
    const after = this.#clock.now()
    this.#measured = this.#clock.monotonic()
    this.#offset = asked === undefined ? 0 : asked.at - (before + after) / 2
    return this.#offset
  }

  /** Measures once a minute. Throws `clock` where the machine's clock is off: nothing is written by it. */
  async require(): Promise<void> {
    if (this.#measured === undefined || this.#clock.monotonic() - this.#measured > EVERY) await this.measure()
    if (Math.abs(this.#offset) <= MOST_OFFSET) return
    const seconds = (Math.abs(this.#offset) / 1000).toFixed(1)
    throw new EosflowError(
      'clock',
      `this machine's clock is ${seconds} s ${this.#offset > 0 ? 'behind' : 'ahead of'} that of the database: nothing was written`,
      {
        hint: 'Set the clocks of both by the same time server (chrony, ntp).',
      },
    )
  }
}

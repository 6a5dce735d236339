import type { Random } from '../../model/random.ts'
import { LimitFault } from './limit-fault.ts'
import { BYTES_PER_STEP, MOST_STEPS } from './limits.ts'
import { type Measure, measure } from './measure.ts'

/** What an evaluation sees of time and chance: `now` is milliseconds since the epoch, which $now and $millis say. */
export interface EvaluationClock {
  readonly now: number
  readonly random: Random
}

export class Meter {
  readonly moment: EvaluationClock
  #left = MOST_STEPS
  #grouped = 0
  #over = false

  constructor(moment: EvaluationClock) {
    this.moment = moment
  }

  /** Ends the evaluation: members of a constructor that still run beside a failed one must not draw chance any more. */
  stop(): void {
    this.#over = true
  }

  /** Throws LimitFault when there are no more. */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#over) throw new LimitFault('The evaluation is over')
    if (this.#left < 0) {
      throw new LimitFault(`Expression evaluation limit of ${MOST_STEPS} steps exceeded: Check for infinite loop`)
    }
  }

  walk(value: unknown): Measure {
    const measured = measure(value)
    this.spend(Math.floor(measured.bytes / BYTES_PER_STEP))
    return measured
  }

  search(text: unknown, pattern: unknown): void {
    if (typeof text !== 'string' || typeof pattern !== 'string') return
    if (pattern.length > BYTES_PER_STEP) this.spend(Math.floor((text.length * pattern.length) / BYTES_PER_STEP ** 2))
  }

  group(): void {
    this.#grouped += 1
    this.spend(Math.floor(this.#grouped / 64))
  }
}

import type { Hour } from './hour.ts'

/** One mistake of `mistakes.md`: how what eosflow says is rated, and how it is made. */
export interface Mistake {
  /** One point each for what is wrong, where, and what helps; rated by somebody who has written none of it. */
  readonly rating: 0 | 1 | 2 | 3
  readonly make: (hour: Hour) => Promise<void>
}

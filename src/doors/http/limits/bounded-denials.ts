import type { Clock } from '../../../model/clock.ts'
import { identityOf } from '../../../model/principal.ts'
import type { Denial, Denials } from '../../../project/app/app.ts'
import { BoundedRecords } from './bounded-records.ts'

export type WriteDenial = (denial: Denial, leftOut: number) => Promise<void>

/** Denials as they go on record for a server: whoever asks again and again for what they may not have does not fill it. */
export class BoundedDenials extends BoundedRecords<Denial> implements Denials {
  /** `failed` hears of what could not be put on record when a minute was over. */
  constructor(clock: Pick<Clock, 'sleep'>, write: WriteDenial, failed: (what: string, error: unknown) => void) {
    super({ clock, write, failed, what: 'AccessDenied', nameOf: ({ principal }) => identityOf(principal) })
  }
}

import type { JournalEvent } from '../src/change/record/event/event.ts'
import type { Leases } from '../src/change/record/store/lease.ts'
import type { Store } from '../src/change/record/store/store.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import type { Clock } from '../src/model/clock.ts'

/** One process that has the store of many machines open. */
export interface Opening {
  readonly life: Life
  /** Its machine's clock. */
  readonly clock: Clock
  /** Hears what it has written when that is written, whether it hears of it or not. */
  committed(events: readonly JournalEvent[]): void
}

/** The store of a history. */
export interface ControllerStore extends Store, Leases {
  /** The store as a further process has it open: with the leases that this process takes. */
  opened(): ControllerStore
  /** A copy of it, as of now. Absent where none can be made. */
  copied?(): Promise<ControllerStore>
  /** The store as a worker has it, where there are many machines. */
  joined?(opening: Opening): Store & Leases
}

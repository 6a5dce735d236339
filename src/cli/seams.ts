import type { Transport } from '../device/transport.ts'
import type { Journal } from '../journal/journal.ts'
import type { Clock } from '../model/clock.ts'
import { systemClock } from '../testing/system-clock.ts'

/**
 * Where a test can stand between a running command and the world: its clock, its way to the journal and its way to the
 * switches pass through here. The shipped command line leaves all of them as they are.
 */
export interface Seams {
  readonly clock: Clock
  journal(journal: Journal): Journal
  transport(transport: Transport): Transport
}

/** Nothing in between. */
export const noSeams: Seams = {
  clock: systemClock,
  journal: (journal) => journal,
  transport: (transport) => transport,
}

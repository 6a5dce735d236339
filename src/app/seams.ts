import type { Transport } from '../device/transport.ts'
import type { Journal } from '../journal/journal.ts'
import type { Disk } from '../journal/sqlite/disk.ts'
import { atTurnEnd, type Moment } from '../journal/sqlite/group-commit.ts'
import type { Clock } from '../model/clock.ts'
import type { HttpPort } from '../model/http-port.ts'
import type { Principal } from '../model/principal.ts'
import type { Random } from '../model/random.ts'
import { systemClock } from '../testing/system-clock.ts'

/**
 * Where a test can stand between a running command and the world: its clock, the moment of its writes, its way to the journal and its
 * way to the switches pass through here. The shipped command line leaves all of them as they are.
 */
export interface Seams {
  readonly clock: Clock
  /** When the journal writes what has come in: under a virtual clock before time moves on. */
  readonly moment: Moment
  journal(journal: Journal): Journal
  transport(transport: Transport): Transport
  /** Who is calling. Default: who the operating system or an identity provider says it is. */
  readonly principal?: Principal
  /** What answers in the place of services. */
  http?(http: HttpPort): HttpPort
  /** The disk of the store. Default: that of this machine. */
  readonly disk?: Disk
  /** The map of user ids of this process, as Linux prints it; undefined where there is none. Default: that of this machine. */
  uidMap?(): string | undefined
  /** Where jitter and session names come from. */
  readonly random?: Random
}

/** Nothing in between. */
export const noSeams: Seams = {
  clock: systemClock,
  moment: atTurnEnd,
  journal: (journal) => journal,
  transport: (transport) => transport,
}

import type { Ledger } from '../../../change/engine/ledger.ts'
import type { ChangePorts, TaskPort } from '../../../change/engine/ports.ts'
import { atTurnEnd, type CommitTurn } from '../../../change/record/sqlite/group-commit.ts'
import type { Journal } from '../../../change/record/store/journal.ts'
import type { Transport } from '../../../eos/device/transport.ts'
import type { Clock } from '../../../model/clock.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import type { Principal } from '../../../model/principal.ts'
import type { Random } from '../../../model/random.ts'
import type { VaultAnswer, VaultRequest } from '../../secret/vault/exchange.ts'
import type { Disk } from '../machine/disk.ts'
import { systemClock } from '../machine/system-clock.ts'

/**
 * Where a test can stand between a running command and the world: its clock, the moment of its writes, its way to the journal and its
 * way to the switches pass through here. The shipped command line leaves all of them as they are.
 */
export interface Seams {
  readonly clock: Clock
  /** When the journal writes what has come in: under a virtual clock before time moves on. */
  readonly moment: CommitTurn
  journal(journal: Journal): Journal
  transport(transport: Transport): Transport
  /** Who is calling. Default: who the operating system or an identity provider says it is. */
  readonly principal?: Principal
  /** What answers in the place of services. */
  http?(http: HttpPort): HttpPort
  /** What answers in the place of Vault. */
  vault?(request: VaultRequest): Promise<VaultAnswer>
  /** Why outside judges are not asked. Default: they are. */
  readonly unaskedJudges?: string
  /** Whether other services are neither asked nor told around a change. Default: they are. */
  readonly unaskedAround?: true
  /** The disk of the store. Default: that of this machine. */
  readonly disk?: Disk
  /** The map of user ids of this process, as Linux prints it; undefined where there is none. Default: that of this machine. */
  uidMap?(): string | undefined
  /** Where jitter comes from. */
  readonly random?: Random
  /** Where the names of executions and the nonces of decisions are drawn. Default: the randomness of this machine. */
  readonly names?: Pick<Random, 'hex'>
  /** What runs the tasks of a change. Default: the tasks that are shipped. */
  tasks?(change: ChangePorts, ledger: Ledger): TaskPort
}

/** Nothing in between. */
export const noSeams: Seams = {
  clock: systemClock,
  moment: atTurnEnd,
  journal: (journal) => journal,
  transport: (transport) => transport,
}

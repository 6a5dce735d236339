import type { Ledger } from '../../../change/engine/ledger.ts'
import type { ChangePorts, TaskPort } from '../../../change/engine/ports.ts'
import { atTurnEnd, type CommitTurn } from '../../../change/record/sqlite/group-commit.ts'
import type { Journal } from '../../../change/record/store/journal.ts'
import type { Transport } from '../../../eos/device/device.ts'
import type { Clock, Random } from '../../../model/clock.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import type { Principal } from '../../../model/principal.ts'
import type { VaultAnswer, VaultRequest } from '../../secret/vault/exchange.ts'
import type { Disk } from '../machine/disk-room.ts'
import { systemClock } from '../machine/system-clock.ts'

export interface Seams {
  readonly clock: Clock
  /** When the journal writes what has come in: under a virtual clock before time moves on. */
  readonly moment: CommitTurn
  journal(journal: Journal): Journal
  transport(transport: Transport): Transport
  readonly principal?: Principal
  http?(http: HttpPort): HttpPort
  vault?(request: VaultRequest): Promise<VaultAnswer>
  /** Why features ask no service; absent where they do. */
  readonly unasked?: string
  readonly unaskedAround?: true
  /** By which features are waited for; absent: by real time, in which services answer. */
  readonly waits?: Pick<Clock, 'sleep'>
  readonly disk?: Disk
  /** The map of user ids of this process, as Linux prints it; undefined where there is none. */
  uidMap?(): string | undefined
  readonly random?: Random
  readonly names?: Pick<Random, 'hex'>
  tasks?(change: ChangePorts, ledger: Ledger): TaskPort
}

export const noSeams: Seams = {
  clock: systemClock,
  moment: atTurnEnd,
  journal: (journal) => journal,
  transport: (transport) => transport,
}

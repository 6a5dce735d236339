import type { ExecutionState } from '../../change/engine/state.ts'
import type { Room } from '../../change/record/room.ts'
import type { Leases } from '../../change/record/store/lease.ts'
import type { Store } from '../../change/record/store/store.ts'
import type { Transport } from '../../eos/device/transport.ts'
import type { Clock } from '../../model/clock.ts'
import type { EosflowError } from '../../model/error.ts'
import type { Random } from '../../model/random.ts'
import type { Life } from '../trial/life.ts'
import type { Twin } from './twin.ts'

/** One process of eosflow as a trial runs it. The dead reach nothing of this. */
export interface ControllerProcess {
  readonly life: Life
  readonly twin: Twin
  readonly store: Store & Leases
  readonly room: Room
  readonly clock: Clock
  readonly random: Random
  readonly transport: Transport
}

/** What a rehearsal does as the command line does it. */
export interface Controllers {
  /** Opens the store of one trial: nothing was ever done in it. */
  openStore(clock: Clock): Promise<Store & Leases>
  /** Begins the change, or takes its execution up. Gives the state in which it rests or has ended. Throws as `run` and `resume` do. */
  run(process: ControllerProcess, execution: string | undefined): Promise<ExecutionState>
  /** The rehearsal approver approves the plan that an execution waits with. */
  approve(process: ControllerProcess, execution: ExecutionState): Promise<void>
  /** The exit code of an execution that has ended, or of what kept it from beginning. */
  exitOf(end: ExecutionState | EosflowError): number
}

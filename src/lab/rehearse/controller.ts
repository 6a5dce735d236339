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

export interface ControllerProcess {
  readonly life: Life
  readonly twin: Twin
  readonly store: Store & Leases
  readonly room: Room
  readonly clock: Clock
  readonly random: Random
  readonly transport: Transport
}

export interface Controllers {
  openStore(clock: Clock): Promise<Store & Leases>
  /** Throws as `run` and `resume` do. */
  run(process: ControllerProcess, execution: string | undefined): Promise<ExecutionState>
  approve(process: ControllerProcess, execution: ExecutionState): Promise<void>
  exitOf(end: ExecutionState | EosflowError): number
}

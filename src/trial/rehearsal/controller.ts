import type { Transport } from '../../device/transport.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { JournalEvent } from '../../journal/event.ts'
import type { Journal } from '../../journal/journal.ts'
import type { Leases } from '../../journal/lease.ts'
import type { Room } from '../../journal/room.ts'
import type { Store } from '../../journal/store.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import type { Random } from '../../model/random.ts'
import type { Life } from '../life.ts'
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
  /** Opens the store of one trial, empty. */
  openStore(clock: Clock): Store & Leases
  /** Begins the change, or takes its execution up. Gives the state in which it rests or has ended. Throws as `run` and `resume` do. */
  run(process: ControllerProcess, execution: string | undefined): Promise<ExecutionState>
  /** The rehearsal approver approves the plan that an execution waits with. */
  approve(process: ControllerProcess, execution: ExecutionState): Promise<void>
  /** The exit code of an execution that has ended, or of what kept it from beginning. */
  exitOf(end: ExecutionState | EosflowError): number
}

/** What a store is disturbed by. */
export interface StoreDisturbance {
  /** Throws `store` while nothing can be written. */
  requireRoom(): void
  appended(events: readonly JournalEvent[]): void
}

/** The store as one process sees it, and as long as it lives. */
export function storeOf(store: Store & Leases, life: Life, disturbance: StoreDisturbance): Store & Leases {
  const { requireRoom, appended } = disturbance
  const ask = <A extends readonly unknown[], T>(read: (...given: A) => Promise<T>): ((...given: A) => Promise<T>) => {
    return async (...given) => {
      if (life.alive) return read(...given)
      throw new EosflowError('store', 'the process is gone')
    }
  }
  const read: Journal['read'] = (execution) => life.reach(() => store.read(execution))
  return {
    id: store.id,
    knowsPlan: ask((digest) => store.knowsPlan(digest)),
    as: (actor) => ({
      append: (execution, events, after) =>
        life.reach(async () => {
          requireRoom()
          const written = await store.as(actor).append(execution, events, after)
          appended(written)
          return written
        }),
      read,
    }),
    read,
    put: (text) =>
      life.reach(() => {
        requireRoom()
        return store.put(text)
      }),
    get: (ref) => life.reach(() => store.get(ref)),
    executions: ask((page) => store.executions(page)),
    openExecutions: ask(() => store.openExecutions()),
    executionIds: ask(() => store.executionIds()),
    resolveExecution: ask((word) => store.resolveExecution(word)),
    requested: ask((key) => store.requested(key)),
    approvals: ask((plan) => store.approvals(plan)),
    approvalUses: ask((plan) => store.approvalUses(plan)),
    policySeen: ask(() => store.policySeen()),
    snapshots: ask(() => store.snapshots()),
    restored: ask(() => store.restored()),
    tail: ask((after) => store.tail(after)),
    signals: ask((tokens, after) => store.signals(tokens, after)),
    stopRequest: ask((execution, after) => store.stopRequest(execution, after)),
    suspendRequest: ask((execution, after) => store.suspendRequest(execution, after)),
    head: ask(() => store.head()),
    verifyChain: ask((from) => store.verifyChain(from)),
    leaseOf: ask((device) => store.leaseOf(device)),
    fence: ask((execution, device) => store.fence(execution, device)),
    close: async () => undefined,
  }
}

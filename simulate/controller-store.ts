import type { JournalEvent } from '../src/journal/event.ts'
import type { Leases } from '../src/journal/lease.ts'
import { requireNewestWriter } from '../src/journal/lease.ts'
import { MemoryStore } from '../src/journal/memory/memory-store.ts'
import { openStore } from '../src/journal/sqlite/open-store.ts'
import type { Store } from '../src/journal/store.ts'
import type { Clock } from '../src/model/clock.ts'
import type { Life } from '../src/trial/life.ts'
import { KEY, STORE_ID } from './change-under-test.ts'
import type { Scenario } from './scenario.ts'

/** One process that has the store of many machines open. */
export interface Opening {
  readonly life: Life
  /** Its machine's clock. */
  readonly clock: Clock
  /** Hears what it has written when that is written, whether it hears of it or not. */
  committed(events: readonly JournalEvent[]): void
}

/** The store of a history: of memory, or the shipped one on a database in memory. */
export interface ControllerStore extends Store, Leases {
  /** The store as a further process has it open: with the leases that this process takes. */
  opened(): ControllerStore
  /** A copy of it, as of now. Absent where none can be made. */
  copied?(): ControllerStore
  /** The store as a worker has it, where there are many machines. */
  joined?(opening: Opening): Store & Leases
}

/** A store in which nothing stands yet. */
export function newStore(kind: Scenario['store'], clock: Clock): ControllerStore {
  return kind === 'sqlite' ? sqliteStore(clock) : new MemoryStore({ clock, id: STORE_ID })
}

/** The store that is shipped: its chain, its seals, its transactions. */
function sqliteStore(clock: Clock): ControllerStore {
  const store = openStore({ path: ':memory:', installKey: KEY, clock })
  const newest = new Map<string, number>()
  const opened = (): ControllerStore => {
    const written = new Map<string, number>()
    return {
      opened,
      id: store.id,
      // One database in memory has one connection, and its processes share what that knows: who writes last is told apart here.
      fence: async (execution, device) => {
        requireNewestWriter(newest.get(execution) ?? null, written.get(execution), { execution, device })
        return store.fence(execution, device)
      },
      as: (actor) => ({
        append: async (execution, events, after, again) => {
          const appended = await store.as(actor).append(execution, events, after, again)
          const last = appended.at(-1)
          if (execution === undefined || last === undefined) return appended
          newest.set(execution, last.seq)
          written.set(execution, last.seq)
          return appended
        },
        read: (execution) => store.read(execution),
      }),
      read: (execution) => store.read(execution),
      put: (text) => store.put(text),
      get: (ref) => store.get(ref),
      knowsPlan: (digest) => store.knowsPlan(digest),
      executions: (page) => store.executions(page),
      openExecutions: () => store.openExecutions(),
      executionIds: () => store.executionIds(),
      resolveExecution: (word) => store.resolveExecution(word),
      requested: (key) => store.requested(key),
      planMade: (digest) => store.planMade(digest),
      approvals: (plan) => store.approvals(plan),
      approvalUses: (plan) => store.approvalUses(plan),
      planRuns: (plan) => store.planRuns(plan),
      restored: () => store.restored(),
      tail: (after) => store.tail(after),
      snapshots: () => store.snapshots(),
      bundles: (limit) => store.bundles(limit),
      newestOf: (type, limit) => store.newestOf(type, limit),
      freezes: (at) => store.freezes(at),
      schedules: () => store.schedules(),
      policySeen: () => store.policySeen(),
      signals: (tokens, after) => store.signals(tokens, after),
      stopRequest: (execution, after) => store.stopRequest(execution, after),
      suspendRequest: (execution, after) => store.suspendRequest(execution, after),
      quarantineSeconds: store.quarantineSeconds,
      leaseOf: (device) => store.leaseOf(device),
      head: () => store.head(),
      verifyChain: (from) => store.verifyChain(from),
      close: () => store.close(),
    }
  }
  return opened()
}

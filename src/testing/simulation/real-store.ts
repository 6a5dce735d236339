import { openStore } from '../../journal/sqlite/open-store.ts'
import type { Clock } from '../../model/clock.ts'
import { KEY, OPERATOR } from './change-under-test.ts'
import { type ControllerStore, MemoryStore } from './memory-store.ts'
import type { Scenario } from './scenario.ts'

/** A store in which nothing stands yet. */
export function newStore(kind: Scenario['store'], clock: Clock): ControllerStore {
  return kind === 'sqlite' ? realStore(clock) : new MemoryStore(clock)
}

/** The store that is shipped, on a database in memory: its chain, its seals, its transactions. */
function realStore(clock: Clock): ControllerStore {
  const store = openStore({ path: ':memory:', installKey: KEY, clock, actor: OPERATOR.id })
  const opened: ControllerStore = {
    // One database in memory has one connection: its processes share their leases, and are told apart by the journal.
    opened: () => opened,
    fence: (execution, device) => store.fence(execution, device),
    append: (execution, events, after) => store.append(execution, events, after),
    read: (execution) => store.read(execution),
    put: (text) => store.put(text),
    get: (ref) => store.get(ref),
    executionIds: () => store.executionIds(),
    approvals: (plan) => store.approvals(plan),
    approvalUses: (plan) => store.approvalUses(plan),
    stopRequest: (execution, after) => store.stopRequest(execution, after),
    latest: async () => (await store.head()).latest,
    verify: async () => {
      await store.verifyChain()
    },
    close: () => store.close(),
  }
  return opened
}

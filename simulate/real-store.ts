import { requireNewestWriter } from '../src/journal/lease.ts'
import { openStore } from '../src/journal/sqlite/open-store.ts'
import type { Clock } from '../src/model/clock.ts'
import { KEY } from './change-under-test.ts'
import { type ControllerStore, MemoryStore } from './memory-store.ts'
import type { Scenario } from './scenario.ts'

/** A store in which nothing stands yet. */
export function newStore(kind: Scenario['store'], clock: Clock): ControllerStore {
  return kind === 'sqlite' ? realStore(clock) : new MemoryStore(clock)
}

/** The store that is shipped, on a database in memory: its chain, its seals, its transactions. */
function realStore(clock: Clock): ControllerStore {
  const store = openStore({ path: ':memory:', installKey: KEY, clock })
  const newest = new Map<string, number>()
  const opened = (): ControllerStore => {
    const written = new Map<string, number>()
    return {
      opened,
      // One database in memory has one connection, and its processes share what that knows: who writes last is told apart here.
      fence: async (execution, device) => {
        requireNewestWriter(newest.get(execution) ?? null, written.get(execution), { execution, device })
        return store.fence(execution, device)
      },
      as: (actor) => ({
        append: async (execution, events, after) => {
          const appended = await store.as(actor).append(execution, events, after)
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
      executionIds: () => store.executionIds(),
      executions: (page) => store.executions(page),
      openExecutions: () => store.openExecutions(),
      resolveExecution: (word) => store.resolveExecution(word),
      approvals: (plan) => store.approvals(plan),
      approvalUses: (plan) => store.approvalUses(plan),
      restored: () => store.restored(),
      tail: (after) => store.tail(after),
      stopRequest: (execution, after) => store.stopRequest(execution, after),
      suspendRequest: (execution, after) => store.suspendRequest(execution, after),
      latest: async () => (await store.head()).latest,
      verify: async () => {
        await store.verifyChain()
      },
      close: () => store.close(),
    }
  }
  return opened()
}

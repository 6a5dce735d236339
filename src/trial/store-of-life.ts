import type { EventBody, JournalEvent } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import type { Leases } from '../journal/lease.ts'
import type { Again } from '../journal/outage.ts'
import type { Store } from '../journal/store.ts'
import type { Life } from './life.ts'

/** Who looks at what a process does to its store, and can stand in its way. */
export interface StoreWatch {
  /** The process is about to append. It may be killed here; throws where nothing can be written. */
  appending(execution: string | undefined, events: readonly EventBody[], again?: Again): void
  /** The records are written, and the process has not heard of it yet. It may be killed here. */
  appended(events: readonly JournalEvent[]): void
  /** The process is about to keep a text. Throws where nothing can be written. */
  keeping(): void
  /** The process is about to hear that it has a switch. It may be frozen here. */
  fenced?(): void
}

/** A store as one process has it, for as long as it lives: the dead write nothing, and hear no answer. */
export function storeOf(store: Store & Leases, life: Life, watch: StoreWatch): Store & Leases {
  const ask =
    <Given extends readonly unknown[], T>(read: (...given: Given) => Promise<T>) =>
    (...given: Given): Promise<T> =>
      life.reach(() => read(...given))
  const written = (journal: Journal): Journal['append'] => {
    return (execution, events, after, again) =>
      life.reach(async () => {
        watch.appending(execution, events, again)
        if (!life.alive) return []
        const records = await journal.append(execution, events, after, again)
        watch.appended(records)
        return records
      })
  }
  const read = ask((execution: string) => store.read(execution))
  return {
    id: store.id,
    as: (actor) => ({ append: written(store.as(actor)), read }),
    read,
    put: ask(async (text) => {
      watch.keeping()
      return store.put(text)
    }),
    get: ask((ref) => store.get(ref)),
    knowsPlan: ask((digest) => store.knowsPlan(digest)),
    executions: ask((page) => store.executions(page)),
    openExecutions: ask(() => store.openExecutions()),
    executionIds: ask(() => store.executionIds()),
    resolveExecution: ask((word) => store.resolveExecution(word)),
    requested: ask((key) => store.requested(key)),
    planMade: ask((digest) => store.planMade(digest)),
    approvals: ask((plan) => store.approvals(plan)),
    approvalUses: ask((plan) => store.approvalUses(plan)),
    freezes: ask((at) => store.freezes(at)),
    schedules: ask(() => store.schedules()),
    policySeen: ask(() => store.policySeen()),
    snapshots: ask(() => store.snapshots()),
    bundles: ask((limit) => store.bundles(limit)),
    signals: ask((tokens, after) => store.signals(tokens, after)),
    restored: ask(() => store.restored()),
    tail: ask((after) => store.tail(after)),
    stopRequest: ask((execution, after) => store.stopRequest(execution, after)),
    suspendRequest: ask((execution, after) => store.suspendRequest(execution, after)),
    head: ask(() => store.head()),
    verifyChain: ask((from) => store.verifyChain(from)),
    quarantineSeconds: store.quarantineSeconds,
    leaseOf: ask((device) => store.leaseOf(device)),
    fence: ask(async (execution, device) => {
      const fence = await store.fence(execution, device)
      watch.fenced?.()
      return fence
    }),
    close: async () => undefined,
  }
}

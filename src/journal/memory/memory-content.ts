import { genesis } from '../chain.ts'
import type { ArtefactRef, JournalEvent } from '../event.ts'
import type { Lease } from '../lease.ts'
import type { StoreHead } from '../store.ts'

/** What outlives every process that has the store open. */
export interface MemoryContent {
  readonly events: JournalEvent[]
  readonly texts: Map<ArtefactRef, string>
  /** The newest record of each execution. */
  readonly lasts: Map<string, number>
  /** The uses of approvals, and the keys that executions were asked for under. */
  readonly used: Set<string>
  readonly leases: Map<string, Lease>
  head: StoreHead
}

/** What a store in memory begins with. */
export function nothingKept(id: string): MemoryContent {
  return {
    events: [],
    texts: new Map(),
    lasts: new Map(),
    used: new Set(),
    leases: new Map(),
    head: { ...genesis(id), latest: undefined },
  }
}

/** A copy of all of it, as of now. */
export function copyOf({ events, texts, lasts, used, leases, head }: MemoryContent): MemoryContent {
  return {
    events: [...events],
    texts: new Map(texts),
    lasts: new Map(lasts),
    used: new Set(used),
    leases: new Map(leases),
    head,
  }
}

/** Whether an execution has ended on record, or has no record at all. */
export const isOverIn =
  ({ events }: MemoryContent) =>
  (execution: string): boolean => {
    const last = events.findLast((event) => event.execution === execution)
    return last === undefined || last.type === 'ExecutionEnded'
  }

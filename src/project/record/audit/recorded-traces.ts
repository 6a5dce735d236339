import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Store } from '../../../change/record/store/store.ts'
import { readTraceParent, type TraceParent } from '../../../model/trace-parent.ts'

const MOST = 1_000

export type RecordedTraces = ReturnType<typeof recordedTraces>

/** The traces of executions, as their first records have them: each is read once. */
export function recordedTraces(store: Pick<Store, 'read'>) {
  const known = new Map<string, TraceParent | undefined>()

  function keep(execution: string, first: JournalEvent | undefined) {
    const trace = readTraceParent(first?.type === 'ExecutionStarted' ? first.trace : undefined)
    known.set(execution, trace)
    const [oldest] = known.keys()
    if (known.size > MOST && oldest !== undefined) known.delete(oldest)
    return trace
  }

  return {
    of: async (event: JournalEvent): Promise<TraceParent | undefined> => {
      const { execution } = event
      if (execution === undefined) return undefined
      if (event.type === 'ExecutionStarted') return keep(execution, event)
      if (known.has(execution)) return known.get(execution)
      // What is broken is said by whoever reads the records that leave.
      const [first] = await store.read(execution).catch(() => [])
      return keep(execution, first)
    },
  }
}

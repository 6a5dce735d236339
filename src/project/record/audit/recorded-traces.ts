import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Store } from '../../../change/record/store/store.ts'
import { readTraceParent, type TraceParent } from '../../../model/trace-parent.ts'

const MOST = 1_000

/** The traces of executions, as their first records have them: each is read once. */
export class RecordedTraces {
  readonly #store: Pick<Store, 'read'>
  readonly #known = new Map<string, TraceParent | undefined>()

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store
  }

  async of(event: JournalEvent): Promise<TraceParent | undefined> {
    const { execution } = event
    if (execution === undefined) return undefined
    if (event.type === 'ExecutionStarted') return this.#keep(execution, event)
    if (this.#known.has(execution)) return this.#known.get(execution)
    // What is broken is said by whoever reads the records that leave.
    const [first] = await this.#store.read(execution).catch(() => [])
    return this.#keep(execution, first)
  }

  #keep(execution: string, first: JournalEvent | undefined) {
    const trace = readTraceParent(first?.type === 'ExecutionStarted' ? first.trace : undefined)
    this.#known.set(execution, trace)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest)
    return trace
  }
}

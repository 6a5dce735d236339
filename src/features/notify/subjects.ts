import type { JournalEvent } from '../../change/record/event/event.ts'
import { ofType } from '../../change/record/event/of-type.ts'
import { recordIn } from '../../change/record/event/parse-event.ts'
import type { ChainRow } from '../../change/record/seal/chain.ts'
import type { Store } from '../../change/record/store/store.ts'
import { executionOf, type Subject, subjectOf } from './notice/message/notification.ts'

const MOST = 500

/** Their beginnings are learned as they pass by; an older one is read once. */
export class Subjects {
  readonly #store: Pick<Store, 'read'>
  readonly #known = new Map<string, Subject>()

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store
  }

  /** Throws `store`. */
  seen(row: ChainRow): JournalEvent {
    const event = recordIn(row)
    if (event.type === 'ExecutionStarted') this.#keep(subjectOf(event))
    return event
  }

  /** Throws `store`. */
  async of(event: JournalEvent): Promise<Subject | undefined> {
    const id = executionOf(event)
    if (id === undefined || this.#known.has(id)) return this.#known.get(id ?? '')
    const [started] = ofType('ExecutionStarted', await this.#store.read(id))
    return started === undefined ? undefined : this.#keep(subjectOf(started))
  }

  #keep(subject: Subject): Subject {
    this.#known.set(subject.id, subject)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest)
    return subject
  }
}

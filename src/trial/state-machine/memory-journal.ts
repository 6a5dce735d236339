import type { EventBody, JournalEvent } from '../../journal/event.ts'
import type { Journal } from '../../journal/journal.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'

/** A journal that is gone with its process: for tests, where nothing has to survive. */
export class MemoryJournal implements Journal {
  readonly #clock: Clock
  readonly #events: JournalEvent[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** As {@link Journal.append}: throws `busy` when the caller has not folded the execution's last event. */
  append(
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number,
  ): Promise<readonly JournalEvent[]> {
    const last = this.#events.findLast((event) => event.execution === execution)?.seq ?? 0
    if (after !== undefined && after !== last) {
      return Promise.reject(new EosflowError('busy', `the journal is at ${last}, not at ${after}`))
    }
    const at = new Date(this.#clock.now()).toISOString()
    const written = events.map((event, index): JournalEvent => {
      const envelope = { v: 1, seq: this.#events.length + index + 1, at, actor: 'test' } as const
      return { ...envelope, ...(execution === undefined ? {} : { execution }), ...event }
    })
    this.#events.push(...written)
    return Promise.resolve(written)
  }

  read(execution: string): Promise<readonly JournalEvent[]> {
    return Promise.resolve(this.#events.filter((event) => event.execution === execution))
  }
}

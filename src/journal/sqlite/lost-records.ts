import type { AppendOutcome, AppendRequest } from '../chains/append-request.ts'
import type { JournalEvent } from '../event.ts'
import { parseEvent } from '../parse-event.ts'
import { recordAt } from '../record-text.ts'

/**
 * What an execution does behind the loss of its store, until its process ends: the way back of its switches needs an order, and
 * its report the ends. It is no record, and nobody else can read it.
 */
export class LostRecords {
  #seq: number
  readonly #events: JournalEvent[] = []

  /** Begins behind the last record that the lost file had. */
  constructor(seq: number) {
    this.#seq = seq
  }

  write(group: readonly AppendRequest[]): readonly AppendOutcome[] {
    return group.map(({ drafts }) => {
      const events = drafts.map((draft) => {
        this.#seq += 1
        return parseEvent(recordAt(draft, this.#seq))
      })
      this.#events.push(...events)
      return { status: 'fulfilled', value: events }
    })
  }

  of(execution: string): readonly JournalEvent[] {
    return this.#events.filter((event) => event.execution === execution)
  }
}

import type { Cursor } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Store } from '../../../change/record/store/store.ts'

// Whoever is further behind than this reads anew what is asked for.
const FAR_BEHIND = 5_000

/** The end of the record, for whoever keeps what is made of it: each record is read there once. */
export class RecordEnd {
  readonly #store: Pick<Store, 'tail'>
  readonly #farBehind: number
  #cursor: Cursor | undefined
  #looks = 0

  constructor(
    store: Pick<Store, 'tail'>,
    { from, farBehind = FAR_BEHIND }: { from?: Cursor; farBehind?: number } = {},
  ) {
    this.#store = store
    this.#cursor = from
    this.#farBehind = farBehind
  }

  get cursor(): Cursor | undefined {
    return this.#cursor
  }

  get looks(): number {
    return this.#looks
  }

  /** Gives every record that was written since the last look, in order. */
  async look(heed: (event: JournalEvent) => void): Promise<boolean> {
    for (let behind = 0; ; ) {
      const after = this.#cursor
      const { events, cursor } = await this.#store.tail(after)
      if (after !== undefined && events.length === 0) return true
      this.#cursor = cursor
      this.#looks += 1
      for (const event of events) heed(event)
      if (after === undefined) return false
      behind += events.length
      if (behind > this.#farBehind) this.#cursor = undefined
    }
  }
}

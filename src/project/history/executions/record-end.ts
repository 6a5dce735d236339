import type { Cursor } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Store } from '../../../change/record/store/store.ts'

// Whoever is further behind than this reads anew what is asked for.
const FAR_BEHIND = 5_000

export type RecordEnd = ReturnType<typeof recordEnd>

/** The end of the record, for whoever keeps what is made of it: each record is read there once. */
export function recordEnd(
  store: Pick<Store, 'tail'>,
  { from, farBehind = FAR_BEHIND }: { from?: Cursor; farBehind?: number } = {},
) {
  let place = from
  let looks = 0

  /** Gives every record that was written since the last look, in order. */
  async function look(heed: (event: JournalEvent) => void): Promise<boolean> {
    for (let behind = 0; ; ) {
      const after = place
      const { events, cursor } = await store.tail(after)
      if (after !== undefined && events.length === 0) return true
      place = cursor
      looks += 1
      for (const event of events) heed(event)
      if (after === undefined) return false
      behind += events.length
      if (behind > farBehind) place = undefined
    }
  }

  return {
    get cursor() {
      return place
    },
    get looks() {
      return looks
    },
    look,
  }
}

import type { Plan } from '../../../change/plan/plan.ts'
import type { EventBody, JournalEvent } from '../../../change/record/event/event.ts'
import type { Journal } from '../../../change/record/store/journal.ts'
import type { App } from '../../app/app.ts'

export interface NotingParts {
  readonly app: Pick<App, 'notes'>
  readonly execution: string
  plan(): Plan | undefined
}

interface Appended {
  readonly of: string | undefined
  readonly events: readonly EventBody[]
  readonly written: readonly JournalEvent[]
}

/** A journal that lets `hear` know what it has put on record, before whoever has appended it goes on. What `hear` throws is thrown to that. */
export function heardJournal(journal: Journal, hear: (appended: Appended) => void | Promise<void>): Journal {
  return {
    append: async (of, events, after, again) => {
      const written = await journal.append(of, events, after, again)
      await hear({ of, events, written })
      return written
    },
    read: (of) => journal.read(of),
  }
}

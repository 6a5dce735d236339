import type { EventBody, JournalEvent } from '../event/event.ts'
import type { Journal } from './journal.ts'

interface Appending {
  readonly of: string | undefined
  readonly events: readonly EventBody[]
}

interface Hearing {
  /** What is written instead of what was given. */
  readonly events?: readonly EventBody[]
  /** Called once it is on record: what it throws, the append throws, and no later subscriber hears of it. */
  written?(written: readonly JournalEvent[]): void | Promise<void>
  /** Called where the append throws. */
  refused?(): void
}

/** Called before anything is written: what it throws, the append throws, and nothing is written. `journal` is the one that has no subscribers. */
export type Subscriber = (appending: Appending, journal: Journal) => Hearing | undefined | Promise<Hearing | undefined>

/** A journal with subscribers. Before a record is written they are called in the order of the list, and once more after it, before the append ends. */
export function heardJournal(journal: Journal, subscribers: readonly Subscriber[]): Journal {
  return {
    append: async (of, given, after, again) => {
      const hearings: Hearing[] = []
      try {
        let events = given
        for (const subscriber of subscribers) {
          const hearing = await subscriber({ of, events }, journal)
          if (hearing === undefined) continue
          hearings.push(hearing)
          events = hearing.events ?? events
        }
        const written = await journal.append(of, events, after, again)
        for (const hearing of hearings) await hearing.written?.(written)
        return written
      } catch (error) {
        for (const hearing of hearings) hearing.refused?.()
        throw error
      }
    },
    read: (of) => journal.read(of),
  }
}

import type { Journal } from '../journal/journal.ts'
import type { ExecutionWatch } from './console.ts'

/** A journal that also shows what it has written to whoever watches: progress is what is on record, and nothing else. */
export function watchedJournal(journal: Journal, watch: ExecutionWatch | undefined): Journal {
  if (watch === undefined) return journal
  return {
    append: async (execution, events, after) => {
      const written = await journal.append(execution, events, after)
      watch.written(written)
      return written
    },
    read: (execution) => journal.read(execution),
  }
}

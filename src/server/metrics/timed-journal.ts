import type { Journal } from '../../journal/journal.ts'
import type { Clock } from '../../model/clock.ts'

/** A journal that says how long each append took until it was durable, in seconds; one that is refused is not counted. */
export function timedJournal(
  journal: Journal,
  clock: Pick<Clock, 'monotonic'>,
  appended: (seconds: number) => void,
): Journal {
  return {
    append: async (execution, events, after, again) => {
      const begun = clock.monotonic()
      const written = await journal.append(execution, events, after, again)
      appended((clock.monotonic() - begun) / 1000)
      return written
    },
    read: (execution) => journal.read(execution),
  }
}

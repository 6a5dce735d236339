import type { EventBody, Journal, JournalEvent, Seams } from './sources.ts'

/** What is done around each append of a journal. */
interface AroundAppends {
  /** Is given what is about to be written; where it throws, nothing is. */
  readonly before?: (events: readonly EventBody[], execution: string | undefined) => unknown
  /** Is given what was written; where it throws, whoever appends does not hear of it. */
  readonly behind?: (written: readonly JournalEvent[], execution: string | undefined) => unknown
}

/** A journal around whose appends something is done, which is waited for. */
export const aroundAppends =
  ({ before, behind }: AroundAppends) =>
  (journal: Journal): Journal => ({
    read: (execution) => journal.read(execution),
    append: async (execution, events, ...more) => {
      await before?.(events, execution)
      const written = await journal.append(execution, events, ...more)
      await behind?.(written, execution)
      return written
    },
  })

/** The seams of a lab in which something is done around each append. */
export const withAppends =
  (around: AroundAppends) =>
  (seams: Seams): Seams => ({ ...seams, journal: (journal) => aroundAppends(around)(seams.journal(journal)) })

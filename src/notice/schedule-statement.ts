import type { JournalEvent } from '../journal/event.ts'

/** What a record says of a schedule. */
export interface ScheduleStatement {
  readonly name: string
  readonly isMissed: boolean
  readonly seq: number
  readonly reason: string
}

/** What a record says of a schedule that was missed, or of which nothing is missing any more; undefined for every other record. */
export function scheduleWord(event: JournalEvent): ScheduleStatement | undefined {
  switch (event.type) {
    case 'ScheduleMissed':
      // Whoever has paused it knows.
      return event.because === 'paused' ? undefined : wordOf(event, true)
    case 'ScheduleFired':
      return wordOf(event, false)
    case 'ScheduleChanged':
      return event.change === 'removed' ? wordOf(event, false) : undefined
    default:
      return undefined
  }
}

function wordOf(
  { schedule, seq }: { readonly schedule: string; readonly seq: number },
  isMissed: boolean,
): ScheduleStatement {
  return { name: schedule, isMissed, seq, reason: `nobody was there to run ${schedule} when it was due` }
}

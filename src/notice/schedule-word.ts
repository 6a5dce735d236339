import type { JournalEvent } from '../journal/event.ts'

/** What a record says of a schedule. */
export interface ScheduleWord {
  readonly name: string
  readonly isMissed: boolean
  readonly seq: number
  readonly reason: string
}

/** What a record says of a schedule that was missed, or of which nothing is missing any more; undefined for every other record. */
export function scheduleWord(event: JournalEvent): ScheduleWord | undefined {
  const { type, schedule, because, change } = event as unknown as Readonly<Record<string, unknown>>
  if (typeof schedule !== 'string') return undefined
  const word = { name: schedule, seq: event.seq, reason: `nobody was there to run ${schedule} when it was due` }
  switch (type) {
    case 'ScheduleMissed':
      // Whoever has paused it knows.
      return because === 'paused' ? undefined : { ...word, isMissed: true }
    case 'ScheduleFired':
      return { ...word, isMissed: false }
    case 'ScheduleChanged':
      return change === 'removed' ? { ...word, isMissed: false } : undefined
    default:
      return undefined
  }
}

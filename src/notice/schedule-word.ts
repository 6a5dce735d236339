import type { JournalEvent } from '../journal/event.ts'

/** What a record says of a schedule. */
export interface ScheduleWord {
  readonly name: string
  readonly isMissed: boolean
  readonly seq: number
  readonly reason: string
}

/** What a record says of a schedule that was missed, or has done its work; undefined for every other record. */
export function scheduleWord(event: JournalEvent): ScheduleWord | undefined {
  const { type, schedule, reason } = event as {
    readonly type: string
    readonly schedule?: unknown
    readonly reason?: unknown
  }
  if (type !== 'ScheduleMissed' && type !== 'ScheduleFired') return undefined
  if (typeof schedule !== 'string') return undefined
  return {
    name: schedule,
    isMissed: type === 'ScheduleMissed',
    seq: event.seq,
    reason: typeof reason === 'string' ? reason : 'it was not done in time',
  }
}

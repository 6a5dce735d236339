import { EosflowError } from '../../../model/error.ts'
import type { ScheduleEventBody } from './audit-event.ts'
import type { JournalEvent } from './event.ts'

export type ScheduleRecord = Extract<JournalEvent, ScheduleEventBody>

export type ScheduleDecision = Extract<
  ScheduleRecord,
  { readonly type: 'ScheduleFired' | 'ScheduleSkipped' | 'ScheduleMissed' }
>

export const NEWEST_OF_SCHEDULE = 100

const DECISIONS: readonly string[] = ['ScheduleFired', 'ScheduleSkipped', 'ScheduleMissed']

export function isScheduleDecision<E extends { readonly type: string }>(
  event: E,
): event is E & Pick<ScheduleDecision, 'schedule' | 'instant'> {
  return DECISIONS.includes(event.type)
}

/** What a second decision about an instant is refused with: another process has made one. */
export function decidedAlready(): EosflowError {
  return new EosflowError('busy', 'another process has decided about this instant of the schedule')
}

export function isScheduleRecord(event: JournalEvent): event is ScheduleRecord {
  return event.type === 'ScheduleChanged' || event.type === 'ScheduleFinished' || isScheduleDecision(event)
}

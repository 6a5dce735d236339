import { EosflowError } from '../../../model/error.ts'
import type { JournalEvent } from './event.ts'
import type { ScheduleEventBody } from './schedule-event.ts'

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

export function scheduleRecordsAmong(records: readonly JournalEvent[]): readonly ScheduleRecord[] {
  const all = records.filter(isScheduleRecord)
  const names = [...new Set(all.map(({ schedule }) => schedule))]
  return names
    .flatMap((name) => ofSchedule(all.filter(({ schedule }) => schedule === name)))
    .toSorted((one, other) => one.seq - other.seq)
}

function ofSchedule(all: readonly ScheduleRecord[]) {
  const about = all
    .flatMap((record) => (record.type === 'ScheduleChanged' ? [] : [record]))
    .toSorted((one, other) => compared(other.instant, one.instant) || other.seq - one.seq)
  const last = about.find(({ type }) => type === 'ScheduleFired')
  const kept = about.filter(({ instant }, index) => index < NEWEST_OF_SCHEDULE || instant === last?.instant)
  return [...all.filter(({ type }) => type === 'ScheduleChanged'), ...kept]
}

function compared(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function isScheduleRecord(event: JournalEvent): event is ScheduleRecord {
  return event.type === 'ScheduleChanged' || event.type === 'ScheduleFinished' || isScheduleDecision(event)
}

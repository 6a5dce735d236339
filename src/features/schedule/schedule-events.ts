import type { EventBody } from '../../change/record/event/event.ts'
import type { MissedBecause } from './judge.ts'

/** That an instant passes because of the occurrence before, or because of a window or a freeze. */
export function skippedRecord(
  name: string,
  instant: number,
  because: 'overlap' | 'outside',
  reason: string,
): EventBody {
  return { type: 'ScheduleSkipped', schedule: name, instant: isoOf(instant), because, reason }
}

export function missedRecords(name: string, missed: readonly number[], because: MissedBecause): readonly EventBody[] {
  const instants = missed.map(isoOf)
  const instant = instants.at(-1)
  return instant === undefined ? [] : [{ type: 'ScheduleMissed', schedule: name, instant, instants, because }]
}

/** That a schedule has left the settings, or for a reason that an after-watch is over. */
export function removedRecord(schedule: string, reason: string): EventBody {
  return { type: 'ScheduleChanged', schedule, change: 'removed', ...(reason === '' ? {} : { reason }) }
}

export function isoOf(time: number): string {
  return new Date(time).toISOString()
}

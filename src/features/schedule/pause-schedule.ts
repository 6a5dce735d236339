import { requireAllowed } from '../../project/access/policy/authority.ts'
import { writeAllowed } from '../../project/access/policy/write-allowed.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { knownSchedules } from '../../project/history/schedules/known-schedule.ts'
import type { SilentCaller } from '../../project/identity/caller.ts'
import { scheduleNamed } from './schedule-named.ts'
import { aboutSchedule } from './scheduled-change.ts'

export interface PauseRequest {
  readonly schedule: string
  readonly change: 'paused' | 'continued'
  readonly reason: string
}

/** Throws as the policy does, which is asked whether the caller may start what the schedule is for, and InputError. */
export async function pauseSchedule(
  app: RecordApp,
  caller: SilentCaller,
  { schedule, change, reason }: PauseRequest,
): Promise<void> {
  const meant = await scheduleNamed(app, schedule)
  const allowed = await requireAllowed(app, caller, 'execution.start', aboutSchedule(app, meant))
  const known = knownSchedules(await app.store.schedules()).get(schedule)
  if ((known?.isPaused ?? false) === (change === 'paused')) return
  const { principal } = caller
  const why = reason === '' ? {} : { reason }
  await writeAllowed(app, caller, allowed, (by) => [
    { type: 'ScheduleChanged', schedule, change, principal, ...why, ...by },
  ])
}

import { endAfter, listSchedules, pauseSchedule } from '../../../features/schedule/list-schedules.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import type { Caller, SilentCaller } from '../../../project/identity/caller-of.ts'
import type { ActContext, ActTable } from '../context/act-context.ts'
import type { ActInput } from '../request/act-input.ts'
import { notThere, unnamed } from '../request/readable.ts'

export const scheduleActs = {
  'pause-schedule': (context, caller, input) => change(context, caller, input, 'paused'),

  /** Starts a schedule by hand: whoever asks is behind what it does. */
  'run-schedule': async ({ app, schedules }, caller, { schedule }) => {
    await requireSeen(app, caller, schedule)
    const { key, instant } = await schedules.start(app, caller, schedule)
    return { version: 1, schedule, occurrence: key, instant: new Date(instant).toISOString() }
  },

  /** Ends the after-watch of a change before its time. */
  'end-schedule': async ({ app, schedules }, caller, { schedule, reason }) => {
    await requireSeen(app, caller, schedule)
    await endAfter(app, caller, { schedule, reason })
    schedules.wake()
    return { version: 1, schedule, ended: true }
  },

  'continue-schedule': (context, caller, input) => change(context, caller, input, 'continued'),
} satisfies Partial<ActTable>

async function change(
  { app, schedules }: ActContext,
  caller: Caller,
  { schedule, reason }: ActInput<'pause-schedule'>,
  change: 'paused' | 'continued',
): Promise<unknown> {
  await requireSeen(app, caller, schedule)
  await pauseSchedule(app, caller, { schedule, reason, change })
  schedules.wake()
  return { version: 1, schedule, paused: change === 'paused' }
}

async function requireSeen(app: RecordApp, caller: SilentCaller, schedule: string) {
  const seen = await unnamed(() => listSchedules(app, caller))
  if (!seen.some(({ name }) => name === schedule)) throw notThere('schedule')
}

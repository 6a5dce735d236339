import { calendarEvents, listSchedules } from '../../../features/schedule/list-schedules.ts'
import { calendarText } from '../../../report/calendar.ts'
import { schedulesJson, schedulesText } from '../../../report/phrases/schedule.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, io, global, options }) => {
  if (options.ics === true) {
    io.out(calendarText(await calendarEvents(app, caller), app.clock.now()))
    return 0
  }
  const rows = await listSchedules(app, caller)
  io.out(global.json ? `${JSON.stringify(schedulesJson(rows))}\n` : `${schedulesText(rows)}\n`)
  return 0
})

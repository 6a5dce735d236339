import type { Schedule } from '../../change/schedule/schedule.ts'
import { problemOf } from '../../model/problem.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { allSchedules } from '../../project/history/schedules/kept-afters.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { didYouMean } from '../../text/source/suggest.ts'

/** The schedule, or the after-watch, of a name. Throws InputError. */
export async function scheduleNamed(app: Pick<RecordApp, 'project' | 'store'>, name: string): Promise<Schedule> {
  const schedules = await allSchedules(app)
  const found = schedules.find((one) => one.name === name)
  if (found !== undefined) return found
  const names = schedules.map((one) => one.name)
  const hint = names.length === 0 ? 'Add it to eosflow.yaml, under `schedules:`.' : didYouMean(name, names)
  throw new InputError([
    problemOf(`schedule ${name}`, 'no-such-schedule', 'the project has no schedule of this name', hint),
  ])
}

import { problemOf } from '../../model/problem.ts'
import type { Schedule } from '../../schedule/schedule.ts'
import { didYouMean } from '../../source/suggest.ts'
import type { App } from '../app.ts'
import { InputError } from '../input-error.ts'

/** The schedule of a name. Throws InputError. */
export function scheduleNamed({ project }: Pick<App, 'project'>, name: string): Schedule {
  const { schedules } = project.settings
  const found = schedules.find((one) => one.name === name)
  if (found !== undefined) return found
  const names = schedules.map((one) => one.name)
  const hint = names.length === 0 ? 'Add it to eosflow.yaml, under `schedules:`.' : didYouMean(name, names)
  throw new InputError([
    problemOf(`schedule ${name}`, 'no-such-schedule', 'the project has no schedule of this name', hint),
  ])
}

import { afterName, type Schedule } from '../../change/schedule/schedule.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import { requireAllowed } from '../../project/access/policy/authority.ts'
import { writeAllowed } from '../../project/access/policy/write-allowed.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { keptAfters } from '../../project/history/schedules/kept-afters.ts'
import { knownSchedules } from '../../project/history/schedules/known-schedule.ts'
import type { SilentCaller } from '../../project/identity/caller.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { listSchedules } from './list-schedules.ts'
import { aboutSchedule } from './scheduled-change.ts'

export interface AfterEndRequest {
  readonly schedule: string
  readonly reason: string
}

/** Ends the after-watch of a change before its time, on record. Throws as the policy does, which is asked whether the caller may start a change of its switches, InputError, and `busy` where it was ended at this moment. */
export async function endAfter(
  app: RecordApp,
  caller: SilentCaller,
  { schedule, reason }: AfterEndRequest,
): Promise<string> {
  const kept = keptAfters(knownSchedules(await app.store.schedules()))
  const meant = kept.find(({ name }) => name === schedule || name === afterName(schedule))
  if (meant === undefined) {
    // Whoever may start none of them reads nothing of which there are.
    const seen = (await listSchedules(app, caller)).map(({ name }) => name)
    throw notKept(
      app,
      schedule,
      kept.filter(({ name }) => seen.includes(name)),
    )
  }
  const { name } = meant
  const allowed = await requireAllowed(app, caller, 'execution.start', aboutSchedule(app, meant))
  const { principal } = caller
  const why = reason === '' ? {} : { reason }
  const claim = await app.claims.claim(`schedule-${name}`)
  try {
    if (!(await claim.renew())) {
      const hint = 'A look takes a few seconds: try again.'
      throw new EosflowError('busy', `${name} is being looked at at this moment`, { hint, retryable: true })
    }
    if (knownSchedules(await app.store.schedules()).get(name)?.when === undefined) return name
    await writeAllowed(app, caller, allowed, (by) => [
      { type: 'ScheduleChanged', schedule: name, change: 'removed', principal, ...why, ...by },
    ])
    return name
  } finally {
    await claim.release()
  }
}

function notKept({ project, words }: Pick<RecordApp, 'project' | 'words'>, word: string, kept: readonly Schedule[]) {
  const isOfSettings = project.settings.schedules.some(({ name }) => name === word)
  if (isOfSettings) {
    const message = 'a schedule of the settings is not ended but deleted'
    const hint = 'Delete it from eosflow.yaml, or pause it in the control room.'
    return new InputError([problemOf(`schedule ${word}`, 'not-after', message, hint)])
  }
  const names = kept.map(({ name }) => name)
  const hint = names.length === 0 ? words({ code: 'list-schedules' }) : didYouMean(word, names)
  return new InputError([problemOf(`schedule ${word}`, 'no-such-schedule', 'no change of this name is watched', hint)])
}

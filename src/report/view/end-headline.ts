import type { DeviceEnd } from '../../model/act.ts'
import { spokenSwitches, verb } from '../phrases/spoken.ts'
import { switches } from '../text/count.ts'
import { causeOf } from './cause.ts'
import type { ViewState } from './view-state.ts'

/** How an execution ended, in one sentence. */
export function endHeadline(view: ViewState, ends: Readonly<Record<string, DeviceEnd>>): string {
  const { execution } = view
  const named = (end: DeviceEnd): readonly string[] => execution.targets.filter((name) => ends[name] === end)
  const [changed, back, unknown] = [named('changed'), named('reverted'), named('unknown')]
  const cause = causeOf(view)
  switch (execution.outcome ?? 'unknown') {
    case 'planned':
      return `The plan is made: it would change ${switches(execution.plan?.waves.flat().length ?? 0)}`
    case 'nothing-to-do':
      return 'Nothing to do: every switch already is as the change wants it'
    case 'succeeded':
      return changed.length === 0
        ? 'It succeeded, and no switch had to change'
        : `${allOf(changed)} ${verb(changed.length, 'has', 'have')} the change: confirmed, saved and read back`
    case 'tolerated':
      return tolerated(view, changed, back)
    case 'refused':
      return `Refused, and nothing was committed: ${cause}`
    case 'failed':
      return `It failed before anything was committed: ${cause}`
    case 'cancelled':
    case 'rolled-back':
      return wentBack(cause, changed, back)
    case 'unknown':
      return unknownEnd(
        unknown,
        changed.filter((name) => !execution.kept.has(name)),
      )
  }
}

function allOf(names: readonly string[]): string {
  return names.length < 4 ? spokenSwitches(names) : `All ${names.length} switches`
}

function tolerated({ execution }: ViewState, changed: readonly string[], back: readonly string[]): string {
  const out = execution.targets.filter((name) => execution.leftOut.has(name))
  const rest = [
    ...(back.length === 0 ? [] : [`${spokenSwitches(back)} ${verb(back.length, 'was', 'were')} put back`]),
    ...(out.length === 0 ? [] : [`${spokenSwitches(out)} ${verb(out.length, 'was', 'were')} left out`]),
  ].join(' and ')
  return `${changed.length} of ${switches(execution.targets.length)} ${verb(changed.length, 'has', 'have')} the change${rest === '' ? '' : `; ${rest}`}`
}

function wentBack(cause: string, changed: readonly string[], back: readonly string[]): string {
  if (back.length === 0 && changed.length === 0) return `${cause}, and nothing was committed`
  if (changed.length > 0) {
    const stays = `${spokenSwitches(changed)} ${verb(changed.length, 'keeps', 'keep')} the change`
    return back.length === 0
      ? `${cause}: ${stays}, confirmed before`
      : `${cause}: what was not confirmed before was put back, ${stays}`
  }
  const separator = / was not good | were not good | failed [a-z]|^It was stopped$|^Its time was over$/.test(cause)
    ? ', so'
    : ':'
  return `${cause}${separator} everything was put back`
}

function unknownEnd(unknown: readonly string[], unprotected: readonly string[]): string {
  if (unknown.length > 0)
    return `UNKNOWN: a person has to look at ${spokenSwitches(unknown)}, which eosflow could not read`
  if (unprotected.length > 0)
    return `UNKNOWN: ${spokenSwitches(unprotected)} ${verb(unprotected.length, 'has', 'have')} the change and ${verb(unprotected.length, 'was', 'were')} not put back`
  return 'UNKNOWN: a call that undoes what a state did has failed, and a person has to look'
}

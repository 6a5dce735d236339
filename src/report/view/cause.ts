import { withoutChecks } from '../event-words/phrase.ts'
import { cutText, firstLine, spokenSwitches, verb } from '../phrases/spoken.ts'
import { count } from '../text/count.ts'
import type { ViewState } from './view-state.ts'

/** Why it does not go on: the shortest words for the error that it ends with. */
export function causeOf(view: ViewState): string {
  const { execution, failed } = view
  const { compensation } = execution
  if (compensation === undefined) return ''
  if (compensation.reason === 'cancelled') return 'It was stopped'
  if (compensation.reason === 'timed-out') return 'Its time was over'
  const bad = new Set(
    failed.failures.flatMap(({ error, device }) =>
      error.kind === 'verification' && device !== undefined ? [device] : [],
    ),
  )
  const { error } = compensation
  // A machine that handles the error may end with one that only quotes it.
  if (BY_CHECKS.has(error.kind) && bad.size > 0) return failedChecks(view, bad)
  return cutText(withoutChecks(error.message) ?? firstLine(error.message), LONGEST_CAUSE)
}

const BY_CHECKS: ReadonlySet<string> = new Set(['verification', 'state-failed'])
const LONGEST_CAUSE = 140
/** From so many switches on it is said how many failed which check. */
const COUNTED = 4
/** So many checks are named. */
const NAMED_CHECKS = 2

/** `leaf3 was not good after the commit`; of many how many failed what: `100 of 100 switches failed vlans-present`. */
function failedChecks({ verdicts }: ViewState, bad: ReadonlySet<string>): string {
  const against = [...verdicts].flatMap(([name, own]) => {
    const failed = [...own.values()].filter(({ verdict }) => verdict.status === 'fail' || verdict.status === 'error')
    return failed.length === 0 ? [] : [{ name, checks: failed.map(({ check }) => check) }]
  })
  // The first whose time is over ends the wave: the others were judged as well.
  const names = [...new Set([...bad, ...against.map(({ name }) => name)])]
  const checks = new Set(against.flatMap((one) => one.checks))
  if (names.length < COUNTED || checks.size === 0)
    return `${spokenSwitches([...bad])} ${verb(bad.size, 'was', 'were')} not good after the commit`
  const named = [...checks].slice(0, NAMED_CHECKS)
  const rest = checks.size - named.length
  const what = rest > 0 ? `${named.join(', ')} and ${count(rest, 'other check')}` : named.join(' and ')
  return `${spokenSwitches(names, verdicts.size)} failed ${what}`
}

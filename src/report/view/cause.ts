import { withoutChecks } from '../progress.ts'
import { cutText, firstLine, spokenNames, verb } from './spoken.ts'
import type { ViewState } from './view-state.ts'

/** Why it does not go on: the shortest words for the error that it ends with. */
export function causeOf({ execution, failed }: ViewState): string {
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
  if (BY_CHECKS.has(error.kind) && bad.size > 0)
    return `${spokenNames([...bad])} ${verb(bad.size, 'was', 'were')} not good after the commit`
  return cutText(withoutChecks(error.message) ?? firstLine(error.message), LONGEST_CAUSE)
}

const BY_CHECKS: ReadonlySet<string> = new Set(['verification', 'state-failed'])
const LONGEST_CAUSE = 140

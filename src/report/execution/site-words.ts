import type { ExecutionState } from '../../change/engine/state.ts'
import { BARRIERS } from '../../change/record/event/sites-event.ts'

/** Which executions change the switches of which site, and how far they are let; of one of these, whose part it is. Nothing for any other. */
export function siteWords({ sites: { part, isDivided, sites, decided, ended } }: ExecutionState): readonly string[] {
  if (part !== undefined) return ['', `the site ${part.site} of the change ${part.of}`]
  if (!isDivided) return []
  const parts = sites.map(
    ({ site, execution, targets }) =>
      `${site}: ${execution} ${ended.includes(execution) ? 'has ended, for' : 'changes'} ${targets.join(' ')}`,
  )
  const decisions = BARRIERS.flatMap((barrier) => {
    const made = decided[barrier]
    if (made === undefined) return []
    return [`${barrier} ${made.decision}${made.reason === undefined ? '' : `: ${made.reason}`}`]
  })
  return ['', ...parts, ...(decisions.length === 0 ? [] : [`all sites: ${decisions.join('; ')}`])]
}

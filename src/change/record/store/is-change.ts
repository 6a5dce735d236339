import type { Outcome } from '../event/outcome.ts'
import type { ExecutionSummary } from './store.ts'

/** The ends of an execution that sent nothing to a switch. */
const UNSENT: ReadonlySet<Outcome> = new Set(['planned', 'refused', 'nothing-to-do'])

/**
 * Tells a change from a plan: true for an execution that has changed a switch or tried to. A dry run is none, and neither is an execution that was
 * refused or had nothing to do. Its first and its last record say it.
 */
export function isChange({ first, last }: Pick<ExecutionSummary, 'first' | 'last'>): boolean {
  if (first.type === 'ExecutionStarted' && first.purpose === 'plan') return false
  return last.type !== 'ExecutionEnded' || !UNSENT.has(last.outcome)
}

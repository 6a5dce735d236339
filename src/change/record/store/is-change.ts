import type { Outcome } from '../event/record-schema.ts'
import type { ExecutionSummary } from './store.ts'

const UNSENT: ReadonlySet<Outcome> = new Set(['planned', 'refused', 'nothing-to-do'])

export function isChange({ first, last }: Pick<ExecutionSummary, 'first' | 'last'>): boolean {
  if (first.type === 'ExecutionStarted' && first.purpose === 'plan') return false
  return last.type !== 'ExecutionEnded' || !UNSENT.has(last.outcome)
}

import type { Outcome } from '../../change/record/event/event.ts'

/** How people read how an execution ended. The stored values and JSON keep their names. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  planned: 'planned',
  'nothing-to-do': 'nothing to do',
  succeeded: 'succeeded',
  tolerated: 'succeeded with failures that the workflow tolerates',
  refused: 'refused: nothing was committed',
  'rolled-back': 'rolled back',
  cancelled: 'cancelled',
  failed: 'failed',
  unknown: 'UNKNOWN: a person is needed',
}

import type { Outcome } from '../../change/record/event/event.ts'

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

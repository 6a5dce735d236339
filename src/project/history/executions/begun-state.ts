import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { ExecutionSummary } from '../../../change/record/store/store.ts'

// By the first record, which a store gives again for as long as it keeps it: every list folds it otherwise.
const ofFirsts = new WeakMap<JournalEvent, ExecutionState>()

export function begunState({ id, first }: Pick<ExecutionSummary, 'id' | 'first'>): ExecutionState {
  const known = ofFirsts.get(first)
  if (known?.id === id) return known
  const state = foldAll(id, [first])
  ofFirsts.set(first, state)
  return state
}

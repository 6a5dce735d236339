import { foldAll } from '../../engine/fold.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { JournalEvent } from '../../journal/event.ts'
import type { ExecutionSummary } from '../../journal/store.ts'

/** By the first record, which a store gives again for as long as it keeps it: every list folds it otherwise. */
const ofFirsts = new WeakMap<JournalEvent, ExecutionState>()

/** An execution as its first record has it: what it is about and who began it is all there. */
export function begunState({ id, first }: Pick<ExecutionSummary, 'id' | 'first'>): ExecutionState {
  const known = ofFirsts.get(first)
  if (known?.id === id) return known
  const state = foldAll(id, [first])
  ofFirsts.set(first, state)
  return state
}

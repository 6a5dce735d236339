import type { AroundMark } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { EosflowError } from '../../../model/error.ts'
import { OUTCOME_WORDS } from '../../../report/phrases/outcome-words.ts'
import { spokenSwitches } from '../../../report/phrases/spoken.ts'

export function markText({ key }: AroundMark): string {
  return `[eosflow ${key}]`
}

export function changedSwitches({ plan, targets }: Pick<ExecutionState, 'plan' | 'targets'>): readonly string[] {
  return plan?.waves.flat() ?? targets
}

/** Throws `bug` before it has. */
export function outcomeOf({ around }: Pick<ExecutionState, 'around'>) {
  if (around?.outcome === undefined) throw new EosflowError('bug', 'the change has not ended')
  return around.outcome
}

export function endText(execution: ExecutionState, mark: AroundMark): string {
  const { id, workflow } = execution
  const outcome = OUTCOME_WORDS[outcomeOf(execution)]
  return `${workflow} on ${spokenSwitches(changedSwitches(execution))}: ${outcome}. eosflow execution ${id} ${markText(mark)}`
}

import type { AroundMark } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { EosflowError } from '../../../model/error.ts'
import { OUTCOME_WORDS } from '../../../report/phrases/outcome-words.ts'
import { spokenSwitches } from '../../../report/phrases/spoken.ts'

/** What is found again at a service that keeps texts: no other act has it. */
export function markText({ key }: AroundMark): string {
  return `[eosflow ${key}]`
}

/** The switches that a change is for. */
export function changedSwitches({ plan, targets }: Pick<ExecutionState, 'plan' | 'targets'>): readonly string[] {
  return plan?.waves.flat() ?? targets
}

/** How the change has ended. Throws `bug` before it has. */
export function outcomeOf({ around }: Pick<ExecutionState, 'around'>) {
  if (around?.outcome === undefined) throw new EosflowError('bug', 'the change has not ended')
  return around.outcome
}

/** How a change has ended, in one sentence for people at another service, with its mark. */
export function endText(execution: ExecutionState, mark: AroundMark): string {
  const { id, workflow } = execution
  const outcome = OUTCOME_WORDS[outcomeOf(execution)]
  return `${workflow} on ${spokenSwitches(changedSwitches(execution))}: ${outcome}. eosflow execution ${id} ${markText(mark)}`
}

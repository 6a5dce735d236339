import { secretsLeft } from '../../change/engine/around.ts'
import { deviceEnds, waitsForApproval, waitsForSignal } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { END_WORDS } from '../phrases/end-words.ts'
import { OUTCOME_WORDS } from '../phrases/outcome-words.ts'
import { switches } from '../text/count.ts'

export function executionSummary(execution: ExecutionState, isSuspended = false): string {
  const ends = Object.values(deviceEnds(execution))
  const counted = (['changed', 'reverted', 'unchanged', 'untouched', 'unknown'] as const)
    .map((end) => [end, ends.filter((one) => one === end).length] as const)
    .filter(([, n]) => n > 0)
    .map(([end, n]) => `${n} ${END_WORDS[end]}`)
  const waits = waitsForSignal(execution) ? 'waits for an answer from outside' : 'not ended'
  const asked = waitsForApproval(execution) ? 'waits for an approval' : waits
  const open = isSuspended ? 'suspended: rests until it is resumed' : asked
  const kept = execution.compensation === undefined ? 0 : execution.kept.size
  const stays = kept === 0 ? '' : `, ${kept} confirmed before keep the change`
  const out = execution.leftOut.isEmpty() ? '' : `, ${execution.leftOut.size} left out`
  const secret = secretsLeft(execution).length === 0 ? '' : ', and a secret is left over'
  const said = execution.outcome === undefined ? open : `${saidOf(execution)}${stays}${out}${secret}`
  return `Execution ${execution.id}: ${said} · ${switches(ends.length)}: ${counted.join(', ')}`
}

function saidOf({ outcome = 'unknown', ends, failed, leftOut }: ExecutionState) {
  const isSkipped = (name: string) => leftOut.get(name)?.by === 'skip-unreachable'
  const isOnlySkipped = !leftOut.isEmpty() && ends.isEmpty() && failed.every(isSkipped)
  return outcome === 'tolerated' && isOnlySkipped ? OUTCOME_WORDS.succeeded : OUTCOME_WORDS[outcome]
}

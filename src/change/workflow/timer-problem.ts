import type { Problem } from '../../model/problem.ts'
import type { Workflow } from './definition/workflow.ts'
import { timerHint } from './timer-hint.ts'
import { timerFault, timerTerms } from './timers.ts'

export function timerProblem(
  workflow: Pick<Workflow, 'timers' | 'timerAt' | 'rollout' | 'form' | 'machine'>,
  waves: readonly (readonly string[])[],
): Problem | undefined {
  const times = waves.map((wave) => ({ switches: wave.length, within: workflow.timers.verifyWithin }))
  const terms = timerTerms(workflow)
  const fault = timerFault(terms, times)
  if (fault === undefined) return undefined
  return { code: 'timer-too-short', message: fault.message, at: workflow.timerAt, hint: timerHint(terms, times, fault) }
}

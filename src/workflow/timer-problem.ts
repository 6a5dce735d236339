import type { Problem } from '../model/problem.ts'
import { timerHint } from './timer-hint.ts'
import { timerFault, timerTerms } from './timers.ts'
import type { Workflow } from './workflow.ts'

/** Why the commit timer of a workflow file cannot hold for these waves, of which those with a canary are watched longer. */
export function timerProblem(
  workflow: Pick<Workflow, 'timers' | 'timerAt' | 'rollout' | 'form' | 'machine'>,
  waves: readonly (readonly string[])[],
  canaries: ReadonlySet<string> = new Set(),
): Problem | undefined {
  const { timers, timerAt, rollout } = workflow
  const longer = Math.max(0, (rollout.canary?.soak ?? 0) - timers.stableFor)
  const times = waves.map((wave) => ({
    switches: wave.length,
    within: timers.verifyWithin + (wave.some((name) => canaries.has(name)) ? longer : 0),
  }))
  const terms = timerTerms(workflow)
  const fault = timerFault(terms, times)
  if (fault === undefined) return undefined
  return { code: 'timer-too-short', message: fault.message, at: timerAt, hint: timerHint(terms, times, fault) }
}

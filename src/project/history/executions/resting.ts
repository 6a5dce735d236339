import { next } from '../../../change/engine/next.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'

/** Whether an execution can do nothing before somebody outside has answered: with a decision, or with a task token. */
export function isResting(execution: ExecutionState, now: number): boolean {
  if (execution.status !== 'running') return false
  const effects = next(execution, now)
  const listening = new Set(effects.flatMap((one) => (one.effect === 'listen' ? [one.path] : [])))
  return effects.every(
    ({ effect, ...one }) => effect === 'listen' || (effect === 'wake' && 'path' in one && listening.has(one.path)),
  )
}

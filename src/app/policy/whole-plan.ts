import type { Plan } from '../../plan/plan.ts'
import type { SilentCaller } from '../caller.ts'
import { type ActSubject, type DecisionOfPolicy, decided, type PolicyContext } from './authority.ts'

/**
 * Decides about the push of everything that a plan changes, windows aside: what is denied on one of its switches is denied
 * before the first is touched, and so are more switches at a time than a rule allows.
 */
export function wholePlan(
  app: PolicyContext,
  caller: SilentCaller,
  { content }: Plan,
  about: ActSubject,
): DecisionOfPolicy {
  const { waves, concurrency, workflow } = content
  const devices = waves.flat()
  const made = decided(app, caller, 'task.push', { ...about, devices, workflow: workflow.file, underway: true })
  if (made.effect === 'deny') return made
  for (const { by, most, devices: concerned } of made.obligations.concurrency) {
    const all = new Set(concerned)
    const crowded = waves
      .map((wave) => wave.filter((name) => all.has(name)))
      .find((ours) => Math.min(ours.length, concurrency) > most)
    if (crowded !== undefined) {
      const names = crowded.join(', ')
      const reason = `\`${by}\` allows ${most} of these at the same time, and the plan changes more: ${names}`
      return { ...made, effect: 'deny', ground: 'condition', rules: [by], reason }
    }
  }
  return made
}

import type { PlanContent } from '../../../change/plan/plan.ts'
import { TIMER_RESERVE } from '../../../change/workflow/timers.ts'

type Terms = Pick<PlanContent, 'atomic' | 'concurrency' | 'timers'>

/**
 * For how long a window must be open when a change begins on these switches, in milliseconds: the verification of every
 * wave from theirs on that is confirmed after theirs, one commit timer, and the reserve (docs/policy.md#windows-and-freezes).
 */
export function changeTime(content: Terms & Pick<PlanContent, 'waves'>, devices: readonly string[]): number {
  const { waves, atomic } = content
  const first = Math.max(
    waves.findIndex((wave) => wave.some((name) => devices.includes(name))),
    0,
  )
  const left = atomic === 'change' ? waves.slice(first, first + 1) : waves.slice(first)
  return timeOf(
    content,
    left.map((wave) => wave.length),
  )
}

export function leastChangeTime(terms: Terms): number {
  return timeOf(terms, [1])
}

function timeOf({ concurrency, timers }: Terms, waves: readonly number[]) {
  const rounds = waves.reduce((sum, switches) => sum + Math.ceil(switches / concurrency), 0)
  return (rounds * timers.verifyWithin + timers.confirmWithin + TIMER_RESERVE) * 1000
}

import type { Problem } from '../model/problem.ts'
import { formatDuration } from './duration.ts'
import type { Workflow } from './workflow.ts'

/** What must be left of a commit timer beyond all waiting, in seconds: for staging, confirming and saving. */
export const TIMER_RESERVE = 30

type Timed = Pick<Workflow, 'timers' | 'timerAt' | 'rollout'>

/**
 * Why the commit timer cannot hold for these waves, or undefined. The first switch must outlive the verification of
 * every wave and every soak, and still be confirmed in time (design 4, "Timers are arithmetic").
 */
export function timerProblem(
  { timers, timerAt, rollout }: Timed,
  waves: readonly (readonly string[])[],
): Problem | undefined {
  const rounds = waves.map((wave) => Math.ceil(wave.length / rollout.concurrency))
  const verifying = rounds.reduce((sum, count) => sum + count, 0) * timers.perRound
  const waiting = timers.soak + waves.length * timers.perWave
  const needed = verifying + waiting + TIMER_RESERVE
  if (timers.confirmWithin > needed) return undefined
  const soak = waiting === 0 ? '' : ` + ${formatDuration(waiting)} of waiting`
  const sum = `${formatDuration(verifying)} of verification in ${waves.length} ${waves.length === 1 ? 'wave' : 'waves'}${soak} + ${formatDuration(TIMER_RESERVE)} in reserve`
  return {
    code: 'timer-too-short',
    message: `the commit timer of ${formatDuration(timers.confirmWithin)} cannot hold: ${sum} is ${formatDuration(needed)}`,
    at: timerAt,
    hint: `set \`confirmWithin\` above ${formatDuration(needed)}, or make fewer waves or a shorter \`within\``,
  }
}

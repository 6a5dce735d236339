import type { Problem } from '../model/problem.ts'
import { formatDuration } from '../source/duration.ts'
import type { Workflow } from './workflow.ts'

/** What must be left of a commit timer beyond all waiting, in seconds: for staging, confirming and saving. */
export const TIMER_RESERVE = 30

/** What the arithmetic of the commit timer is made of, in seconds. */
export interface TimerTerms {
  readonly atomic: Workflow['rollout']['atomic']
  readonly concurrency: number
  readonly timers: Pick<Workflow['timers'], 'confirmWithin' | 'verifyWithin' | 'perRound' | 'perWave' | 'soak'>
}

/** One wave: how many switches, and how long the verification of one may take, in seconds. */
export interface WaveTime {
  readonly switches: number
  readonly within: number
}

/** Why a commit timer cannot hold, and what it would have to be longer than, in seconds. */
export interface TimerFault {
  readonly message: string
  readonly needed: number
}

/**
 * Why the commit timer cannot hold for these waves, or undefined. The first switch must outlive everything up to its
 * confirm (design 4, "Timers are arithmetic"): the verification of every wave and every soak where all switches are
 * confirmed together, of its own wave or its own alone where these are.
 */
export function timerFault(terms: TimerTerms, waves: readonly WaveTime[]): TimerFault | undefined {
  const { confirmWithin } = terms.timers
  const { verifying, waiting, unit } = longestUnit(terms, waves)
  const needed = verifying + waiting + TIMER_RESERVE
  if (confirmWithin > needed) return undefined
  const waited = waiting === 0 ? '' : ` + ${formatDuration(waiting)} of waiting`
  const sum = `${formatDuration(verifying)} of verification ${unit}${waited} + ${formatDuration(TIMER_RESERVE)} in reserve`
  return {
    message: `the commit timer of ${formatDuration(confirmWithin)} cannot hold: ${sum} is ${formatDuration(needed)}`,
    needed,
  }
}

/** The same as a problem of the workflow file, for waves of which those with a canary are watched longer. */
export function timerProblem(
  { timers, timerAt, rollout }: Pick<Workflow, 'timers' | 'timerAt' | 'rollout'>,
  waves: readonly (readonly string[])[],
  canaries: ReadonlySet<string> = new Set(),
): Problem | undefined {
  const longer = Math.max(0, (rollout.canary?.soak ?? 0) - timers.stableFor)
  const times = waves.map((wave) => ({
    switches: wave.length,
    within: timers.verifyWithin + (wave.some((name) => canaries.has(name)) ? longer : 0),
  }))
  const fault = timerFault({ atomic: rollout.atomic, concurrency: rollout.concurrency, timers }, times)
  if (fault === undefined) return undefined
  return { code: 'timer-too-short', message: fault.message, at: timerAt, hint: timerHint(fault) }
}

/** What to do about a commit timer that cannot hold. */
export function timerHint({ needed }: TimerFault): string {
  return `set \`confirmWithin\` above ${formatDuration(needed)}, or make fewer waves or a shorter \`within\``
}

/** What the commit timer that runs longest has to outlive. */
function longestUnit(
  { atomic, concurrency, timers }: TimerTerms,
  waves: readonly WaveTime[],
): { readonly verifying: number; readonly waiting: number; readonly unit: string } {
  const perRound = ({ within }: WaveTime): number =>
    timers.verifyWithin === 0 ? timers.perRound : Math.ceil(timers.perRound * (within / timers.verifyWithin))
  const perWave = (wave: WaveTime): number => Math.ceil(wave.switches / concurrency) * perRound(wave)
  const waiting = timers.soak + timers.perWave
  switch (atomic) {
    case 'change': {
      const unit = `in ${waves.length} ${waves.length === 1 ? 'wave' : 'waves'}`
      const verifying = waves.reduce((sum, wave) => sum + perWave(wave), 0)
      return { verifying, waiting: timers.soak + waves.length * timers.perWave, unit }
    }
    case 'wave':
      return { verifying: Math.max(0, ...waves.map(perWave)), waiting, unit: 'in the longest wave' }
    case 'device':
      return { verifying: Math.max(0, ...waves.map(perRound)), waiting, unit: 'of one switch' }
  }
}

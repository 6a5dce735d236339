import { confirmSeconds, pushSeconds } from '../../model/commit-time.ts'
import type { PlanDefinition } from './definition.ts'
import type { PlanContent } from './plan.ts'
import type { PlanEvidence } from './plan-evidence.ts'
import { verifyOf } from './settled.ts'

/** The parts of a plan that decide how long it takes. */
type TimedPlan = Pick<PlanDefinition, 'terms'> & {
  readonly content: Pick<PlanContent, 'waves' | 'timers' | 'canary'>
  /** Milliseconds of a round trip to the slowest switch. */
  readonly roundTrip: number
  readonly isQuiet: boolean
}

/**
 * How long a change takes from its first push to its last confirm if everything is good at once, in whole seconds: pushes, verifications, waits and confirms.
 * Nothing is known of a workflow that has states of its own.
 */
export function expectedTime({ terms, content, roundTrip, isQuiet }: TimedPlan): Pick<PlanEvidence, 'expected'> {
  const { atomic, concurrency, confirmConcurrency = concurrency, timers, form = 'steps' } = terms
  const { waves } = content
  if (form === 'states' || waves.length === 0) return {}
  const confirming = (switches: number): number =>
    confirmSeconds({ switches, concurrency: confirmConcurrency, roundTrip })
  const ofEach = waves.map((wave) => {
    const [switches, rounds] = [wave.length, Math.ceil(wave.length / concurrency)]
    const held = rounds * Math.max(...wave.map((name) => verifyOf(content, name).stableFor))
    const changed = pushSeconds({ switches, concurrency, roundTrip }) + held
    if (atomic === 'change') return { seconds: changed, waits: 0 }
    const waits = (atomic === 'device' ? rounds : 1) * timers.soak
    return { seconds: changed + waits + confirming(switches), waits }
  })
  const atTheEnd = atomic === 'change' ? { waits: timers.soak, confirming: confirming(waves.flat().length) } : undefined
  const waits = sum(ofEach.map((wave) => wave.waits)) + (atTheEnd?.waits ?? 0)
  const seconds = sum(ofEach.map((wave) => wave.seconds)) + (atTheEnd === undefined ? 0 : waits + atTheEnd.confirming)
  return {
    expected: {
      seconds: Math.ceil(seconds),
      waves: ofEach.map((wave) => Math.ceil(wave.seconds)),
      ...(waits === 0 ? {} : { waits }),
      ...(isQuiet ? { quiet: true } : {}),
    },
  }
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0)
}

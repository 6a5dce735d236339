import { keyPlaceOf, type LocatedValue } from '../source/located.ts'
import { type Form, stepNamed } from './form.ts'
import type { RolloutShape } from './rollout.ts'
import { readSteps } from './step.ts'
import { orderProblems } from './step-order.ts'
import { soaksIn, toMachine } from './to-machine.ts'
import { DEFAULT_WITHIN } from './verify-times.ts'

/** Reads the list under `steps:`. */
export function formOfSteps(list: LocatedValue, rollout: RolloutShape): Form {
  const { steps, problems } = readSteps(list)
  const place = keyPlaceOf(list)
  const verify = stepNamed(steps, 'verify')
  const perRound = verify === undefined ? 0 : (verify.input.within ?? DEFAULT_WITHIN)
  return {
    kind: 'steps',
    steps,
    machine: toMachine(steps, rollout, place),
    concurrency: rollout.concurrency,
    armed: { constant: soaksIn(steps).reduce((sum, { input }) => sum + input, 0), perWave: 0, perRound },
    problems: problems.length > 0 ? problems : orderProblems(steps, place),
  }
}

import { keyPlaceOf, type Located } from '../source/located.ts'
import { type Form, stepNamed } from './form.ts'
import { readSteps, type Step } from './step.ts'
import { orderProblems } from './step-order.ts'
import { toMachine } from './to-machine.ts'

/** Reads the list under `steps:`. */
export function formOfSteps(list: Located, concurrency: number): Form {
  const { steps, problems } = readSteps(list)
  const place = keyPlaceOf(list)
  return {
    kind: 'steps',
    steps,
    machine: toMachine(steps, concurrency, place),
    concurrency,
    armed: { constant: soakOf(steps), perWave: 0, perRound: stepNamed(steps, 'verify')?.input.within ?? 0 },
    problems: problems.length > 0 ? problems : orderProblems(steps, place),
  }
}

/** The time that the steps let pass while commit timers run. */
function soakOf(steps: readonly Step[]): number {
  const from = steps.findIndex(({ name }) => name === 'push')
  const to = steps.findIndex(({ name }) => name === 'confirm')
  return steps.slice(from, to).reduce((sum, step) => sum + (step.name === 'wait' ? step.input : 0), 0)
}

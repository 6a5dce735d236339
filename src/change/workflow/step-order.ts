import type { Place, Problem } from '../../model/problem.ts'
import type { WorkflowStep } from './definition/step.ts'
import type { StepName } from './definition/workflow-schema.ts'

const ORDER: readonly StepName[] = ['snapshot', 'plan', 'approve', 'push', 'verify', 'confirm']
const REQUIRED: readonly StepName[] = ['snapshot', 'plan', 'push', 'verify', 'confirm']

/** What is wrong with the order of steps: a missing or repeated one, one too early, or a stranger between push and verify. */
export function orderProblems(steps: readonly WorkflowStep[], listAt: Place): readonly Problem[] {
  return [...missing(steps, listAt), ...repeated(steps), ...tooEarly(steps), ...betweenPushAndVerify(steps)]
}

function missing(steps: readonly WorkflowStep[], at: Place): Problem[] {
  return REQUIRED.filter((name) => !steps.some((step) => step.name === name)).map((name) => ({
    code: 'missing-step',
    message: `the step \`${name}\` is missing`,
    at,
    hint: `the order is ${ORDER.join(', ')}; only approve may be left out`,
  }))
}

function repeated(steps: readonly WorkflowStep[]): Problem[] {
  return steps
    .filter(({ name }, index) => name !== 'wait' && steps.findIndex((other) => other.name === name) < index)
    .map(({ name, at }) => ({
      code: 'repeated-step',
      message: `the step \`${name}\` is there twice`,
      at,
      hint: 'delete one of the two',
    }))
}

function tooEarly(steps: readonly WorkflowStep[]): Problem[] {
  const ranked = steps.filter(({ name }) => name !== 'wait')
  return ranked.flatMap(({ name, at }, index) => {
    const before = ranked.slice(index + 1).find((later) => ORDER.indexOf(later.name) < ORDER.indexOf(name))
    if (before === undefined) return []
    const hint = `move \`${before.name}\` before \`${name}\`: the order is ${ORDER.join(', ')}`
    return [{ code: 'step-order', message: `\`${name}\` comes before \`${before.name}\``, at, hint }]
  })
}

/** Nothing may stand between the timed commit and its verification: the timer runs. */
function betweenPushAndVerify(steps: readonly WorkflowStep[]): Problem[] {
  const push = steps.findIndex(({ name }) => name === 'push')
  const next = steps[push + 1]
  if (push < 0 || next?.name !== 'wait') return []
  const hint = 'move it behind `verify`, or use `stableFor`'
  return [
    {
      code: 'step-order',
      message: 'no step may be between `push` and `verify`: the commit timer runs',
      at: next.at,
      hint,
    },
  ]
}

import type { Place, Problem } from '../../model/problem.ts'
import { keyPlaceOf, type LocatedValue, locatedAt, placeOf } from '../../text/source/located.ts'
import { callProblems, type KnownTask, ownCeilingProblems } from './call-problems.ts'
import { readSteps, type WorkflowStep } from './definition/step.ts'
import type { StepName } from './definition/workflow-schema.ts'
import type { TaskState } from './machine/machine.ts'
import { statesIn } from './machine/walk.ts'
import { readStates } from './read-states.ts'
import { type RolloutShape, rolloutIn, rolloutOfStatesProblems } from './rollout.ts'
import { armedTime, DEFAULT_WITHIN, NO_TIME } from './safety/duration.ts'
import { type Form, formless, stepNamed } from './safety/form.ts'
import { machineProblems } from './safety/machine-problems.ts'
import { concurrencyOf } from './timers.ts'
import { soaksIn, toMachine } from './to-machine.ts'

const ORDER: readonly StepName[] = ['snapshot', 'plan', 'approve', 'push', 'verify', 'confirm']
const REQUIRED: readonly StepName[] = ['snapshot', 'plan', 'push', 'verify', 'confirm']

function orderProblems(steps: readonly WorkflowStep[], listAt: Place): readonly Problem[] {
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

/** Reads `steps:` or `states:` of a workflow file. */
export function readForm(file: LocatedValue, tasks: readonly KnownTask[]): Form {
  const rollout = rolloutIn(file)
  const steps = locatedAt(file, ['steps'])
  const states = locatedAt(file, ['states'])
  const startAt = locatedAt(file, ['startAt'])
  if (states !== undefined && steps === undefined) {
    const form = formOfStates(file, rollout.concurrency, tasks)
    return { ...form, problems: [...form.problems, ...rolloutOfStatesProblems(file)] }
  }
  if (steps !== undefined && states === undefined && startAt === undefined) return formOfSteps(steps, rollout)
  return formless(steps === undefined ? noForm(file) : twoForms(file, states === undefined ? 'startAt' : 'states'))
}

function noForm(file: LocatedValue): Problem {
  const hint = 'add it, for example `steps: ["snapshot","plan","push","..."]`; or `startAt` and `states`'
  return { code: 'missing-key', message: 'the key `steps` is missing', at: placeOf(file), hint }
}

function twoForms(file: LocatedValue, key: string): Problem {
  const message = `\`${key}\` is beside \`steps\`: a workflow has one of its two forms`
  return { code: 'two-forms', message, at: keyPlaceOf(file, [key]), hint: `delete \`steps\`, or \`${key}\`` }
}

function formOfSteps(list: LocatedValue, rollout: RolloutShape): Form {
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

function formOfStates(file: LocatedValue, concurrency: number, tasks: readonly KnownTask[]): Form {
  const read = readStates(file, concurrency)
  if (!read.ok) return { ...formless(...read.problems), kind: 'states' }
  const { machine, steps, written } = read.value
  const calls = statesIn(machine).flatMap(({ state }) =>
    state.kind === 'Task' ? taskProblems(state, written.get(state.name) ?? file, tasks) : [],
  )
  const pushedAtATime = concurrencyOf(machine, 'push') ?? concurrency
  const unsafe = machineProblems(machine, written)
  const armed = armedTime(machine, pushedAtATime)
  return {
    kind: 'states',
    steps,
    machine,
    concurrency: pushedAtATime,
    armed: armed.ok ? armed.value : NO_TIME,
    problems: [...calls, ...unsafe, ...(armed.ok || unsafe.length > 0 ? [] : armed.problems)],
  }
}

function taskProblems(state: TaskState, written: LocatedValue, tasks: readonly KnownTask[]) {
  return [...callProblems(state, written, tasks), ...ownCeilingProblems(state, written)]
}

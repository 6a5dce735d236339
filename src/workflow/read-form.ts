import type { Problem } from '../model/problem.ts'
import { keyPlaceOf, type LocatedValue, locatedAt, placeOf } from '../source/located.ts'
import type { KnownTask } from './call-problems.ts'
import { type Form, formless } from './form.ts'
import { formOfStates } from './form-of-states.ts'
import { formOfSteps } from './form-of-steps.ts'
import { rolloutIn, rolloutOfStatesProblems } from './rollout.ts'

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

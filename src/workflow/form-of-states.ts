import type { Problem } from '../model/problem.ts'
import type { LocatedValue } from '../source/located.ts'
import { callProblems, type KnownTask } from './call-problems.ts'
import { concurrencyOf } from './concurrency.ts'
import { type Form, formless } from './form.ts'
import type { TaskState } from './machine.ts'
import { ownCeilingProblems } from './permissions.ts'
import { readStates } from './read-states.ts'
import { armedTime } from './safety/armed-time.ts'
import { NO_TIME } from './safety/duration.ts'
import { machineProblems } from './safety/machine-problems.ts'
import { statesIn } from './walk.ts'

/** Reads `startAt:` and `states:`, and judges whether their machine is safe on every way through it. */
export function formOfStates(file: LocatedValue, concurrency: number, tasks: readonly KnownTask[]): Form {
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

function taskProblems(state: TaskState, written: LocatedValue, tasks: readonly KnownTask[]): readonly Problem[] {
  return [...callProblems(state, written, tasks), ...ownCeilingProblems(state, written)]
}

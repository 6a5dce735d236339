import type { StateMachine } from '../../change/workflow/machine/machine.ts'
import { statesIn } from '../../change/workflow/machine/walk.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import type { Mocks } from './mocked-tasks.ts'

export function unusedMocks(machine: StateMachine, mocks: Mocks): readonly string[] {
  const tasks = statesIn(machine).flatMap(({ state }) => (state.kind === 'Task' ? [state.name] : []))
  return Object.keys(mocks)
    .filter((name) => !tasks.includes(name))
    .map((name) => `the mocks answer '${name}', which is no Task state: ${didYouMean(name, tasks)}`)
}

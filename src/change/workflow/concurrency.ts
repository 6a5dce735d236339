import type { StateMachine } from './machine/machine.ts'
import { isOverSwitches, statesIn } from './machine/walk.ts'

/** How many switches are confirmed at a time; undefined where the machine does not say so. */
export function confirmConcurrencyOf(machine: StateMachine): number | undefined {
  return concurrencyOf(machine, 'confirm')
}

/** How many switches at a time the Map goes over that holds the first state with a task; undefined where none says so. */
export function concurrencyOf(machine: StateMachine, task: string): number | undefined {
  const found = statesIn(machine).find(({ state }) => state.kind === 'Task' && state.task === task)
  const maps = found?.around.filter((one) => one.kind === 'Map').filter(isOverSwitches)
  const most = maps?.at(-1)?.maxConcurrency
  return most?.from === 'literal' && typeof most.value === 'number' ? most.value : undefined
}

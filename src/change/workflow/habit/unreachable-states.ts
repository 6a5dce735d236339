import type { StateMachine } from '../machine/machine.ts'
import { machinesIn, reachable } from '../machine/walk.ts'
import { type Warning, warning } from './warning.ts'

/** States that no way from the start of their machine leads to: what they were written for is never done. */
export function unreachableStates(machine: StateMachine): readonly Warning[] {
  const reached = reachable(machine)
  return Object.values(machine.states).flatMap((state) => {
    const inside = machinesIn(state).flatMap(unreachableStates)
    if (reached.has(state.name)) return inside
    const message = `no way leads to the state \`${state.name}\``
    const hint = 'name it in a `Next`, `Default` or `Catch` of a state that is reached, or delete it'
    return [warning('unreachable-state', message, state.at, hint), ...inside]
  })
}

import type { Problem } from '../../../model/problem.ts'
import type { LocatedValue } from '../../../text/source/located.ts'
import type { StateMachine } from '../machine/machine.ts'
import { orderProblems } from './order-problems.ts'
import { placeProblems } from './place-problems.ts'
import { variableProblems } from './variable-problems.ts'

const MISPLACED: readonly string[] = [
  'missing-task',
  'outside-switches',
  'inside-map',
  'inside-parallel',
  'misplaced-map',
  'confirm-early',
  'save-early',
]

/** Everything that makes a machine unsafe to run on switches, whatever way it goes. `written` has its states as the file has them. */
export function machineProblems(machine: StateMachine, written: ReadonlyMap<string, LocatedValue>): readonly Problem[] {
  const place = placeProblems(machine)
  const order = place.some(({ code }) => MISPLACED.includes(code)) ? [] : orderProblems(machine)
  return [...place, ...order, ...variableProblems(machine, written)]
}

import type { Problem } from '../../model/problem.ts'
import type { StateMachine } from '../machine.ts'

/** Expressions that read a variable which no state on any way to them assigns. */
export function variableProblems(_machine: StateMachine): readonly Problem[] {
  return []
}

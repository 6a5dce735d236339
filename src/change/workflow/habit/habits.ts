import type { Workflow } from '../definition/workflow.ts'
import type { StateMachine } from '../machine/machine.ts'
import type { Files } from '../template/files.ts'
import { changeText } from './change-text.ts'
import { errorNames } from './error-names.ts'
import { manyAttempts } from './many-attempts.ts'
import { mixedChange } from './mixed-change.ts'
import { secretHeaders } from './secret-headers.ts'
import { stateNames } from './state-names.ts'
import { unreachableStates } from './unreachable-states.ts'
import type { Warning } from './warning.ts'

/** Steps have no states of their own: what can be said of machines is said of `states:` only. */
export function workflowHabits(workflow: Workflow, files: Files): readonly Warning[] {
  const mixed = mixedChange(changeText(workflow, files))
  return workflow.form === 'steps' ? mixed : [...mixed, ...machineHabits(workflow.machine)]
}

export function machineHabits(machine: StateMachine): readonly Warning[] {
  return [stateNames, unreachableStates, manyAttempts, errorNames, secretHeaders].flatMap((habit) => habit(machine))
}

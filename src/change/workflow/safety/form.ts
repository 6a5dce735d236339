import type { Problem } from '../../../model/error.ts'
import type { WorkflowStep } from '../definition/step.ts'
import type { StepName } from '../definition/workflow-schema.ts'
import type { StateMachine } from '../machine/machine.ts'
import { type Duration, NO_TIME } from './duration.ts'

export interface Form {
  readonly kind: 'steps' | 'states'
  readonly steps: readonly WorkflowStep[]
  readonly machine: StateMachine
  readonly concurrency: number
  /** How long commit timers run at most. */
  readonly armed: Duration
  readonly problems: readonly Problem[]
}

export function formless(...problems: readonly Problem[]): Form {
  const machine = { version: 3, startAt: '', states: {} } as const
  return { kind: 'steps', steps: [], machine, concurrency: 1, armed: NO_TIME, problems }
}

export function stepNamed<Name extends StepName>(
  steps: readonly WorkflowStep[],
  name: Name,
): Extract<WorkflowStep, { name: Name }> | undefined {
  return steps.find((step): step is Extract<WorkflowStep, { name: Name }> => step.name === name)
}

import type { Problem } from '../../../model/problem.ts'
import type { WorkflowStep } from '../definition/step.ts'
import type { StepName } from '../definition/workflow-schema.ts'
import type { StateMachine } from '../machine/machine.ts'
import { type Duration, NO_TIME } from './duration.ts'

/**
 * What a workflow file does, in whichever of its two forms: the machine, and what its tasks are given, as steps. `problems`
 * is everything that is wrong with it; beside them the rest is what could be read.
 */
export interface Form {
  readonly kind: 'steps' | 'states'
  readonly steps: readonly WorkflowStep[]
  readonly machine: StateMachine
  /** How many switches of a wave are changed at a time. */
  readonly concurrency: number
  /** How long commit timers run at most. */
  readonly armed: Duration
  readonly problems: readonly Problem[]
}

/** A form of which nothing could be read. */
export function formless(...problems: readonly Problem[]): Form {
  const machine = { version: 3, startAt: '', states: {} } as const
  return { kind: 'steps', steps: [], machine, concurrency: 1, armed: NO_TIME, problems }
}

/** The step of a name, or what a state of the machine gives to the task of that name. */
export function stepNamed<Name extends StepName>(
  steps: readonly WorkflowStep[],
  name: Name,
): Extract<WorkflowStep, { name: Name }> | undefined {
  return steps.find((step): step is Extract<WorkflowStep, { name: Name }> => step.name === name)
}

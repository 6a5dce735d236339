import type { Plan } from '../../../change/plan/plan.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Project } from '../../files/project.ts'
import { InputError } from '../../system/process/input-error.ts'

export function movedInvariants(
  project: Pick<Project, 'invariants'>,
  { content }: Pick<Plan, 'content'>,
): readonly string[] {
  try {
    return content.invariants === project.invariants()?.digest
      ? []
      : ['the invariants have changed since the plan was made']
  } catch (error) {
    if (error instanceof InputError) return ['the invariants can no longer be read']
    throw error
  }
}

/** Throws `stale` where a plan was judged by other invariants than the project has now. */
export function requireSameInvariants(...given: Parameters<typeof movedInvariants>): void {
  const [moved] = movedInvariants(...given)
  if (moved === undefined) return
  throw new EosflowError('stale', moved, { hint: 'Plan again and have the new plan approved.' })
}

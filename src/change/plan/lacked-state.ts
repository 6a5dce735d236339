import type { Workflow } from '../workflow/definition/workflow.ts'
import type { Plan } from './plan.ts'

export interface ComparableState {
  readonly areas: readonly (readonly string[])[]
  readonly isOffline: boolean
}

export function lackedState(
  { state, watchesNeighbors }: Pick<Workflow, 'state' | 'watchesNeighbors'>,
  { areas: known, isOffline }: ComparableState,
): readonly string[] {
  const areas = state.filter((area) => !known.every((of) => of.includes(area)))
  return [...areas, ...(isOffline && watchesNeighbors ? ['the neighbours'] : [])]
}

/** The same in words, behind `the plan was`. */
export function lackedWords(lacked: readonly string[]): string {
  return `made offline, without the state that its checks compare with: ${lacked.join(', ')}`
}

/** What a plan says itself that it lacks, in words; undefined where it says nothing of that kind. */
export function lackedBy({ content }: Pick<Plan, 'content'>): string | undefined {
  return content.warnings.find(({ code }) => code === 'no-state')?.message
}

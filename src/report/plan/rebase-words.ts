import type { BaseDifference } from '../../plan/base-difference.ts'
import type { PlanContent } from '../../plan/plan.ts'

/** That a plan was made again of one that people have approved, as a line; none for every other plan. Whether approvals have carried is on record, and in no plan. */
export function rebaseWords({ rebases }: Pick<PlanContent, 'rebases'>): readonly string[] {
  if (rebases === undefined) return []
  return [`Rebases ${rebases}: the same change, planned again. Of its approvals those count that have carried`]
}

/** How the base of a plan that was made again differs from the approved one, a line for each block. */
export function differenceWords(differences: readonly BaseDifference[]): readonly string[] {
  return differences.map(({ device, block, lines }) => `${device}: the base differs in ${block}: ${lines.join(' ; ')}`)
}

import type { PlanContent } from '../../change/plan/plan.ts'

/** That a plan was made again of one that people have approved, as a line; none for every other plan. Whether approvals have carried is on record, and in no plan. */
export function rebaseWords({ rebases }: Pick<PlanContent, 'rebases'>): readonly string[] {
  if (rebases === undefined) return []
  return [`Rebases ${rebases}: the same change, planned again. Of its approvals those count that have carried`]
}

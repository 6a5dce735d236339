import type { PlanContent } from '../../change/plan/plan.ts'

export function rebaseWords({ rebases }: Pick<PlanContent, 'rebases'>): readonly string[] {
  if (rebases === undefined) return []
  return [`Rebases ${rebases}: the same change, planned again. Of its approvals those count that have carried`]
}

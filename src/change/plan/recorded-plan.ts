import { EosflowError } from '../../model/error.ts'
import { planDigest, requireContent, requireIntact } from './make-plan.ts'
import type { Plan, ShownPlan } from './plan.ts'

/** Throws `stale` when it does not match its digest, and for a plan of another form, by its version. */
export function readRecordedPlan(stored: object): Plan {
  const plan = stored as Plan
  // What the digest covers is the form in which it was written.
  requireIntact(plan)
  return ofThisVersion(plan)
}

/** As {@link readRecordedPlan}, of the stored text of a plan whose evidence nobody has put together: what its switches showed is not judged. */
export function readShownPlan(text: string): ShownPlan {
  const plan = JSON.parse(text) as ShownPlan
  requireContent(plan)
  return ofThisVersion(plan)
}

function ofThisVersion<P extends Pick<Plan, 'content'>>(plan: P) {
  const { v }: { readonly v: number } = plan.content
  if (v === 3) return plan
  throw new EosflowError('stale', `the plan on record is of version ${v}: this eosflow reads version 3`, {
    hint: 'Use the eosflow that made it, or plan again.',
  })
}

export function recordedDigest(text: string): string {
  return planDigest((JSON.parse(text) as Plan).content)
}

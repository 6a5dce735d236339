import type { App } from '../../app/app.ts'
import type { Asking } from '../../app/caller.ts'
import { decided, requireAllowed } from '../../app/policy/authority.ts'
import { aboutPlan } from '../../app/policy/entry.ts'
import type { Scope } from '../../model/principal.ts'
import type { Plan } from '../../plan/plan.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import { notThere } from '../not-there.ts'

/** A plan that was made in this store, and the execution that has made it. */
export interface PlanOnRecord {
  readonly plan: Plan
  readonly execution: string
}

/**
 * The plan of a digest, for somebody who may see it or do one of `needs` about it. For anybody else it is not there, which also goes on record
 * as a denial.
 */
export async function planOnRecord(
  app: App,
  caller: Asking,
  digest: string,
  ...needs: readonly Scope[]
): Promise<PlanOnRecord> {
  const made = await app.store.planMade(digest)
  if (made?.execution === undefined) throw notThere('plan')
  const plan = readRecordedPlan(await storedPlanText(app.store, made.plan))
  const about = { ...aboutPlan(plan), plan: digest }
  if ([...needs, 'plan.read' as const].every((scope) => decided(app, caller, scope, about).effect === 'deny')) {
    await requireAllowed(app, caller, 'plan.read', about).catch(() => undefined)
    throw notThere('plan')
  }
  return { plan, execution: made.execution }
}

import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import type { Perform } from '../context/act-context.ts'
import { planOnRecord, wholePlanOnRecord } from './plan-on-record.ts'

/** `known`: it is under way already. */
export const rehearse: Perform<'rehearse'> = async ({ app, rehearsals }, caller, { plan: digest }) => {
  const { plan } = await wholePlanOnRecord(app, caller, digest, 'plan.create')
  await requireAllowed(app, caller, 'plan.create', { ...aboutPlan(plan), plan: digest })
  const known = await rehearsals.of(digest)
  return known?.standing === 'running' ? { ...known, known: true } : rehearsals.begin(plan)
}

/** The rehearsal of a plan, for whoever may see the plan; `{}` where nobody has asked for one. */
export const rehearsal: Perform<'rehearsal'> = async ({ app, rehearsals }, caller, { plan: digest }) => {
  await planOnRecord(app, caller, digest, 'plan.create', 'plan.approve')
  return (await rehearsals.of(digest)) ?? {}
}
